package distribution

import (
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestRolesAndActions(t *testing.T) {
	const no, yes = false, true
	table := []struct {
		action                              Action
		accountant, manager, auditor, admin bool
	}{
		{ReadMoney, yes, yes, yes, yes},
		{Create, yes, no, no, no},
		{CancelOwn, yes, no, no, no},
		{CancelAny, no, yes, no, no},
		{Approve, no, yes, no, no},
		{ExportRegister, yes, yes, yes, no},
		{ReadAudit, no, yes, yes, yes},
		{ExportAudit, no, yes, yes, no},
		{ReadSettings, no, no, yes, yes},
		{ChangeSettings, no, no, no, yes},
		{Propose, yes, yes, no, no},
		{Confirm, no, yes, no, no},
		{StopSending, yes, yes, no, yes},
		{StartSending, no, yes, no, no},
		{LiftUnitAlarm, no, yes, no, yes},
		{LiftHold, no, yes, no, yes},
		{Acknowledge, no, yes, yes, no},
		{WatchBalance, no, yes, no, no},
		{AnnotateOwn, yes, no, no, no},
		{AnnotateAny, no, yes, no, no},
	}
	var actions []Action
	for _, row := range table {
		actions = append(actions, row.action)
		for by, want := range map[Actor]bool{
			maker(): row.accountant, boss(): row.manager, auditor(): row.auditor, admin(): row.admin,
			{}: no, {Role: Accountant}: no, {Role: Manager}: no, {Role: Admin}: no,
			System("sender"): no, CLI("root"): no, person("x", "owner"): no, person("x", ""): no,
		} {
			err := May(by, row.action)
			if want {
				assert.NoError(t, err, "%s by %+v", row.action, by)
				continue
			}
			assert.ErrorIs(t, err, ErrForbidden, "%s by %+v", row.action, by)
			assert.Equal(t, "role", codeOf(t, err))
		}
	}
	assert.ElementsMatch(t, slices.Collect(maps.Values(constants[Action](t, "Action"))), actions)
	assert.ElementsMatch(t, Actions(), actions)
	for _, r := range Roles() {
		assert.False(t, Allows(r, "resend"), "an action that does not exist")
	}
}

// asked is who asks in which state, and the code of the refusal, or nothing.
type asked struct {
	by     Actor
	status Status
	want   string
}

func TestOnlyTheMakerEditsSubmitsWithdraws(t *testing.T) {
	for name, row := range map[string]struct {
		can   func(by Actor, d *Distribution) error
		while []Status
	}{
		"edit":     {CanEdit, []Status{Draft, Declined}},
		"submit":   {CanSubmit, []Status{Draft}},
		"withdraw": {CanWithdraw, []Status{AwaitingApproval, Queued}},
	} {
		for _, s := range Statuses() {
			d := standing(t, s)
			want := "state"
			if slices.Contains(row.while, s) {
				want = ""
			}
			assert.Equal(t, want, codeOf(t, row.can(maker(), d)), "%s in %s", name, s)
			assert.Equal(t, "not_yours", codeOf(t, row.can(colleague(), d)), "%s in %s", name, s)
			for _, by := range []Actor{{}, boss(), auditor(), admin(), person("maker", Manager), System("sender"), CLI("root")} {
				assert.Equal(t, "role", codeOf(t, row.can(by, d)), "%s in %s by %s", name, s, by.ID)
			}
			d.Origin = FromPlexy
			assert.Equal(t, "made_elsewhere", codeOf(t, row.can(maker(), d)), "%s in %s", name, s)
		}
	}
}

func TestTheMakerAndManagersCancel(t *testing.T) {
	for _, s := range Statuses() {
		want := "state"
		if slices.Contains([]Status{Draft, AwaitingApproval, Declined, Queued}, s) {
			want = ""
		}
		for _, row := range []asked{
			{maker(), s, want},
			{boss(), s, want},
			{person("maker", Manager), s, want},
			{colleague(), s, "not_yours"},
			{person("maker", Auditor), s, "not_yours"},
			{auditor(), s, "not_yours"},
			{admin(), s, "not_yours"},
			{System("sender"), s, "not_yours"},
			{CLI("root"), s, "not_yours"},
			{Actor{Role: Manager}, s, "not_yours"},
			{Actor{}, s, "not_yours"},
		} {
			assert.Equal(t, row.want, codeOf(t, CanCancel(row.by, standing(t, s))), "%s by %+v", s, row.by)
		}
		foreign := standing(t, s)
		foreign.Origin = FromPlexy
		assert.Equal(t, "made_elsewhere", codeOf(t, CanCancel(boss(), foreign)))
	}
}

func TestTheMakerAndManagersAnnotate(t *testing.T) {
	for _, s := range Statuses() {
		for _, row := range []asked{
			{maker(), s, ""},
			{boss(), s, ""},
			{person("maker", Manager), s, ""},
			{colleague(), s, "not_yours"},
			{person("maker", Auditor), s, "role"},
			{auditor(), s, "role"},
			{admin(), s, "role"},
			{System("sender"), s, "role"},
			{CLI("root"), s, "role"},
			{Actor{Role: Accountant}, s, "role"},
			{Actor{Role: Manager}, s, "role"},
		} {
			assert.Equal(t, row.want, codeOf(t, CanAnnotate(row.by, standing(t, s))), "%s by %+v", s, row.by)
		}
		foreign := standing(t, s)
		foreign.Origin, foreign.CreatedBy = FromPlexy, Person{}
		assert.Empty(t, codeOf(t, CanAnnotate(boss(), foreign)))
		assert.Equal(t, "not_yours", codeOf(t, CanAnnotate(maker(), foreign)))
	}
}

func TestWhoApproves(t *testing.T) {
	peers := oneApproval()
	peers.Peers = true
	for name, row := range map[string]struct {
		by     Actor
		policy Policy
		want   string
	}{
		"a manager":                             {boss(), oneApproval(), ""},
		"another manager":                       {boss2(), oneApproval(), ""},
		"a colleague":                           {colleague(), oneApproval(), "role"},
		"a colleague, where peers may":          {colleague(), peers, ""},
		"the maker":                             {maker(), oneApproval(), "role"},
		"the maker, where peers may":            {maker(), peers, "own"},
		"the maker, now a manager":              {person("maker", Manager), oneApproval(), "own"},
		"the maker, now an admin":               {person("maker", Admin), peers, "role"},
		"an auditor, where peers may":           {auditor(), peers, "role"},
		"an admin":                              {admin(), oneApproval(), "role"},
		"an admin, where peers may":             {admin(), peers, "role"},
		"who approved it already":               {person("approver", Manager), oneApproval(), "approved_already"},
		"a colleague who approved it already":   {person("approver", Accountant), peers, "approved_already"},
		"nobody":                                {Actor{}, peers, "role"},
		"nobody with a role":                    {Actor{Role: Manager}, peers, "role"},
		"the program":                           {System("sender"), peers, "role"},
		"somebody at the machine's own console": {CLI("root"), peers, "role"},
	} {
		d := standing(t, AwaitingApproval)
		d.ApprovedBy = []Person{{ID: "approver"}}
		before := *d
		assert.Equal(t, row.want, codeOf(t, CanDecide(row.by, d, row.policy)), name)
		if row.want == "" {
			continue
		}
		code := Code(d.SubmittedHash)
		_, err := d.Approve(row.by, row.policy, code, noon())
		assert.ErrorIs(t, err, ErrForbidden, name)
		_, err = d.Decline(row.by, row.policy, code, "no")
		assert.ErrorIs(t, err, ErrForbidden, name)
		assert.Equal(t, before, *d, name)
	}
	for _, s := range Statuses() {
		if s != AwaitingApproval {
			assert.Equal(t, "state", codeOf(t, CanDecide(boss(), standing(t, s), oneApproval())), s)
		}
	}
}

func TestMakersAndApproversLookWhileTheOutcomeIsUnknown(t *testing.T) {
	for _, s := range Statuses() {
		want := "state"
		if s == Unknown || s == NotFound {
			want = ""
		}
		for _, row := range []asked{
			{maker(), s, want},
			{colleague(), s, want},
			{boss(), s, want},
			{auditor(), s, "role"},
			{admin(), s, "role"},
			{System("reconciler"), s, "role"},
			{Actor{Role: Manager}, s, "role"},
		} {
			assert.Equal(t, row.want, codeOf(t, CanLook(row.by, standing(t, s))), "%s by %+v", s, row.by)
		}
	}
}

func TestForbiddenActsChangeNothing(t *testing.T) {
	for _, s := range Statuses() {
		for name, act := range map[string]func(d *Distribution) (Event, error){
			"edit":     func(d *Distribution) (Event, error) { return d.Edit(colleague(), Content{}, nil, noon()) },
			"submit":   func(d *Distribution) (Event, error) { return d.Submit(colleague(), noApproval(), noon()) },
			"withdraw": func(d *Distribution) (Event, error) { return d.Withdraw(colleague()) },
			"cancel":   func(d *Distribution) (Event, error) { return d.Cancel(colleague(), "") },
			"release":  func(d *Distribution) (Event, error) { return d.Release(colleague(), noon()) },
		} {
			d := standing(t, s)
			before := *d
			e, err := act(d)
			assert.ErrorIs(t, err, ErrForbidden, "%s in %s", name, s)
			assert.Zero(t, e)
			assert.Equal(t, before, *d)
		}
	}
}

func TestCanCopy(t *testing.T) {
	for _, status := range Statuses() {
		d := standing(t, status)
		err := CanCopy(maker(), d)
		if status == Sending || status.Uncertain() {
			assert.ErrorIs(t, err, ErrConflict, status)
		} else {
			assert.NoError(t, err, status)
		}
		for _, by := range []Actor{{}, colleague(), boss(), auditor(), admin(), System("syncer")} {
			assert.ErrorIs(t, CanCopy(by, d), ErrForbidden)
		}
	}
	assert.ErrorIs(t, CanCopy(maker(), resent(t)), ErrConflict, "Plexy may have a resent one")
}

func TestCanRelease(t *testing.T) {
	for _, status := range Statuses() {
		d := standing(t, status)
		d.QueuedAt = noon()
		early, late := noon().Add(StaleAfter-time.Second), noon().Add(StaleAfter)
		assert.ErrorIs(t, CanRelease(maker(), d, early), ErrConflict, status)
		if status == Queued {
			assert.NoError(t, CanRelease(maker(), d, late))
			assert.ErrorIs(t, CanRelease(colleague(), d, late), ErrForbidden)
		} else {
			assert.ErrorIs(t, CanRelease(maker(), d, late), ErrConflict, status)
		}
	}
}
