package distribution

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// aboutOne is in which states a decision about one distribution is possible.
func aboutOne() map[DecisionKind][]Status {
	return map[DecisionKind][]Status{
		DecideResend:   {NotFound},
		DecideClose:    {NotFound},
		DecideLink:     {Unknown, NotFound},
		DecideTicket:   {Unknown},
		DecideOurs:     {Mismatch},
		DecideNotOurs:  {Mismatch},
		DecideOverride: {Draft},
	}
}

func TestEveryKindOfDecisionIsInTheTables(t *testing.T) {
	all := append(sortedKeys(aboutOne()), DecideUnit, DecidePolicy, DecideHold)
	assert.ElementsMatch(t, slices.Collect(maps.Values(constants[DecisionKind](t, "DecisionKind"))), all)
	for _, k := range all {
		assert.Equal(t, aboutOne()[k] != nil, k.AboutOne(), k)
	}
	assert.False(t, DecisionKind("").AboutOne())
}

func TestWhoProposesWhat(t *testing.T) {
	for kind, while := range aboutOne() {
		for _, s := range Statuses() {
			inState := "state"
			if slices.Contains(while, s) {
				inState = ""
			}
			for _, row := range []asked{
				{maker(), s, inState},
				{colleague(), s, inState},
				{boss(), s, inState},
				{person("maker", Manager), s, inState}, // who became a manager
				{auditor(), s, "role"},
				{admin(), s, "role"},
				{System("reconciler"), s, "role"},
				{CLI("root"), s, "role"},
				{Actor{}, s, "role"},
				{Actor{Role: Manager}, s, "role"},
			} {
				d := standing(t, s)
				assert.Equal(t, row.want, codeOf(t, CanPropose(row.by, kind, d, true)), "%s in %s by %+v", kind, s, row.by)
				d.Origin = FromPlexy
				assert.ErrorIs(t, CanPropose(row.by, kind, d, true), ErrForbidden, "%s of one made elsewhere", kind)
			}
		}
		assert.Equal(t, "kind", codeOf(t, CanPropose(boss(), kind, nil, true)), "%s about none", kind)
	}
	assert.Equal(t, "kind", codeOf(t, CanPropose(boss(), "pay_twice", standing(t, NotFound), true)))
	d := standing(t, NotFound)
	d.Origin = FromPlexy
	assert.Equal(t, "made_elsewhere", codeOf(t, CanPropose(boss(), DecideResend, d, true)))
}

// A ticket replaces the proof of sweeps, not the wait.
func TestOnlyATicketAsksForTheSettleWindow(t *testing.T) {
	for kind, while := range aboutOne() {
		for _, s := range while {
			want := ""
			if kind == DecideTicket {
				want = "settle_window"
			}
			assert.Equal(t, want, codeOf(t, CanPropose(boss(), kind, standing(t, s), false)), "%s in %s", kind, s)
		}
	}
}

func TestWhoProposesAboutSendingAndPolicy(t *testing.T) {
	for _, row := range []struct {
		by                 Actor
		unit, policy, hold string
	}{
		{maker(), "role", "role", "role"},
		{boss(), "", "role", ""},
		{auditor(), "role", "role", "role"},
		{admin(), "", "", "role"},
		{System("sender"), "role", "role", "role"},
		{CLI("root"), "role", "role", "role"},
		{Actor{}, "role", "role", "role"},
		{Actor{Role: Admin}, "role", "role", "role"},
		{Actor{Role: Manager}, "role", "role", "role"},
	} {
		assert.Equal(t, row.hold, codeOf(t, CanPropose(row.by, DecideHold, nil, false)), "%+v", row.by)
		assert.Equal(t, row.unit, codeOf(t, CanPropose(row.by, DecideUnit, nil, false)), "%+v", row.by)
		assert.Equal(t, row.policy, codeOf(t, CanPropose(row.by, DecidePolicy, nil, false)), "%+v", row.by)
	}
}

func proposedBy(by Actor, k DecisionKind) Decision {
	return Decision{
		ID: "D-1", Kind: k, Reason: "seen at the bank", Status: DecisionOpen,
		ProposedBy: by.Person, ProposedRole: by.Role, ProposedAt: noon(),
	}
}

// The second person is a manager, and neither proposed it nor made the payment.
func TestWhoSettlesADecisionAboutOne(t *testing.T) {
	for kind, while := range aboutOne() {
		for name, row := range map[string]struct {
			proposer, by Actor
			want         string
		}{
			"a manager, what the maker proposed":      {maker(), boss(), ""},
			"a manager, what a colleague proposed":    {colleague(), boss(), ""},
			"a manager, what another manager did":     {boss2(), boss(), ""},
			"the proposer":                            {boss(), boss(), "own_proposal"},
			"the proposer, now a manager":             {colleague(), person("colleague", Manager), "own_proposal"},
			"the maker":                               {boss(), maker(), "role"},
			"the maker, now a manager":                {boss(), person("maker", Manager), "own"},
			"the maker who proposed it and rose":      {maker(), person("maker", Manager), "own"},
			"a colleague":                             {boss(), colleague(), "role"},
			"an auditor":                              {boss(), auditor(), "role"},
			"an admin":                                {boss(), admin(), "role"},
			"a part of the program":                   {boss(), System("reconciler"), "role"},
			"somebody at the machine's own console":   {boss(), CLI("root"), "role"},
			"nobody":                                  {boss(), Actor{}, "role"},
			"nobody with a role":                      {boss(), Actor{Role: Manager}, "role"},
			"somebody whose role is of another world": {boss(), person("x", "owner"), "role"},
		} {
			d := standing(t, while[0])
			assert.Equal(t, row.want, codeOf(t, CanSettle(row.by, proposedBy(row.proposer, kind), d)), "%s: %s", kind, name)
		}
		assert.Equal(t, "kind", codeOf(t, CanSettle(boss(), proposedBy(maker(), kind), nil)), "%s about none", kind)
	}
	assert.Equal(t, "kind", codeOf(t, CanSettle(boss(), proposedBy(maker(), "pay_twice"), standing(t, NotFound))))
}

// A manager and an admin, in either order.
func TestWhoLiftsTheUnitAlarm(t *testing.T) {
	admin2 := person("admin2", Admin)
	for name, row := range map[string]struct {
		proposer, by Actor
		want         string
	}{
		"a manager, then an admin":         {boss(), admin(), ""},
		"an admin, then a manager":         {admin(), boss(), ""},
		"two managers":                     {boss(), boss2(), "other_role"},
		"two admins":                       {admin(), admin2, "other_role"},
		"a manager alone":                  {boss(), boss(), "other_role"},
		"a manager alone, now an admin":    {boss(), person("boss", Admin), "own_proposal"},
		"a manager and an accountant":      {boss(), colleague(), "role"},
		"a manager and an auditor":         {boss(), auditor(), "role"},
		"an admin and a part of us":        {admin(), System("sender"), "role"},
		"an admin and the machine's owner": {admin(), CLI("root"), "role"},
		"an admin and nobody":              {admin(), Actor{Role: Manager}, "role"},
	} {
		assert.Equal(t, row.want, codeOf(t, CanSettle(row.by, proposedBy(row.proposer, DecideUnit), nil)), name)
	}
}

// A manager proposes; another manager or an admin confirms.
func TestWhoLiftsAHold(t *testing.T) {
	for name, row := range map[string]struct {
		by   Actor
		want string
	}{
		"another manager":            {boss2(), ""},
		"an admin":                   {admin(), ""},
		"the proposer":               {boss(), "own_proposal"},
		"the proposer, now an admin": {person("boss", Admin), "own_proposal"},
		"an accountant":              {maker(), "role"},
		"an auditor":                 {auditor(), "role"},
		"a part of the program":      {System("guard"), "role"},
		"the machine's owner":        {CLI("root"), "role"},
		"nobody":                     {Actor{Role: Manager}, "role"},
	} {
		assert.Equal(t, row.want, codeOf(t, CanSettle(row.by, proposedBy(boss(), DecideHold), nil)), name)
	}
}

func TestWhoSettlesAPolicy(t *testing.T) {
	for name, row := range map[string]struct {
		by   Actor
		want string
	}{
		"another admin":  {person("admin2", Admin), ""},
		"the same admin": {admin(), "own_proposal"},
		"a manager":      {boss(), "role"},
		"an accountant":  {maker(), "role"},
		"an auditor":     {auditor(), "role"},
		"nobody":         {Actor{Role: Admin}, "role"},
	} {
		assert.Equal(t, row.want, codeOf(t, CanSettle(row.by, proposedBy(admin(), DecidePolicy), nil)), name)
	}
}

func TestADecisionIsSettledOnce(t *testing.T) {
	for _, s := range []DecisionStatus{DecisionConfirmed, DecisionRefused, DecisionWithdrawn, DecisionVoid} {
		dec := proposedBy(maker(), DecideResend)
		dec.Status = s
		assert.Equal(t, "settled", codeOf(t, CanSettle(boss(), dec, standing(t, NotFound))), s)
		assert.Equal(t, "settled", codeOf(t, CanTakeBack(maker(), dec)), s)
	}
	all := slices.Collect(maps.Values(constants[DecisionStatus](t, "DecisionStatus")))
	require.Len(t, all, 5, "a state of decisions that this test does not know")
}

func TestOnlyTheProposerTakesBack(t *testing.T) {
	for kind := range aboutOne() {
		dec := proposedBy(colleague(), kind)
		assert.NoError(t, CanTakeBack(colleague(), dec))
		assert.NoError(t, CanTakeBack(person("colleague", Auditor), dec), "whatever the role is by now")
		for _, by := range []Actor{{}, maker(), boss(), auditor(), admin(), System("syncer"), CLI("root")} {
			assert.Equal(t, "not_yours", codeOf(t, CanTakeBack(by, dec)), "%s by %s", kind, by.ID)
		}
	}
	assert.Equal(t, "not_yours", codeOf(t, CanTakeBack(Actor{}, Decision{Status: DecisionOpen})), "nobody's is nobody's to take back")
}
