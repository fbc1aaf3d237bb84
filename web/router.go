package web

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/klauspost/compress/gzhttp"

	"plexydash/distribution"
	"plexydash/handlers"
	"plexydash/static"
	"plexydash/web/session"
)

// handler is a handler that leaves failures to errors.go.
type handler func(http.ResponseWriter, *http.Request) error

// access says who may use a route: everybody, whoever is signed in, or roles
// that may do one of the actions. Conditions on the distribution itself are the
// rules' business.
type access struct {
	open bool
	any  []distribution.Action // empty: whoever is signed in
}

func everybody() access                            { return access{open: true} }
func signedIn() access                             { return access{} }
func who(mayDoOneOf ...distribution.Action) access { return access{any: mayDoOneOf} }

func (a access) allows(role distribution.Role) bool {
	return len(a.any) == 0 || slices.ContainsFunc(a.any, func(action distribution.Action) bool {
		return distribution.Allows(role, action)
	})
}

// route is one row of the table.
type route struct {
	method, path string
	may          access
	do           handler
	polled       bool // open pages ask for it by themselves: such a request is no sign of a person
	fresh        bool // who asks must have proved who they are within session.FreshFor
	// freshIf is fresh where it depends on what is asked.
	freshIf func(*http.Request) (bool, error)
	enrols  bool // open to who must set up a second factor before anything else
}

// routes is every address that people use.
func routes(h *handlers.Handlers) []route {
	const get, post = http.MethodGet, http.MethodPost
	var (
		read   = who(distribution.ReadMoney)
		create = who(distribution.Create)
		export = who(distribution.ExportRegister)
		// Whether accountants decide on each other's is the policy's business.
		decide = who(distribution.Approve, distribution.Create)
		// A check settles nothing, but it is the first step of a resolution.
		propose = who(distribution.Propose)
		// Who settles or takes back which decision is the rules' business.
		settle      = who(distribution.Confirm, distribution.LiftUnitAlarm, distribution.ChangeSettings)
		takeBack    = who(distribution.Propose, distribution.LiftUnitAlarm, distribution.ChangeSettings)
		acknowledge = who(distribution.Acknowledge)
		cancel      = who(distribution.CancelOwn, distribution.CancelAny)
	)
	return slices.Concat(accountRoutes(h), listRoutes(h), formRoutes(h), recipientRoutes(h), []route{
		{method: get, path: "/", may: read, do: h.Overview},
		{method: get, path: "/balance", may: read, do: h.Balance},
		{method: post, path: "/balance/refresh", may: propose, do: h.RefreshBalance},
		{method: post, path: "/balance/threshold", may: who(distribution.WatchBalance), do: h.SetThreshold},
		{method: post, path: "/balance/acknowledgement", may: who(distribution.WatchBalance), do: h.AcknowledgeBalance},
		{method: get, path: "/distributions/{id}", may: read, do: h.Detail},
		{method: get, path: "/distributions/{id}/row", may: read, do: h.Row, polled: true},
		{method: get, path: "/distributions/{id}/status", may: read, do: h.Status, polled: true},
		{method: get, path: "/distributions/{id}/review", may: create, do: h.Review},
		{method: post, path: "/distributions/{id}/submission", may: create, do: h.SubmitDraft, freshIf: h.NeedsApproval},
		{method: post, path: "/distributions/{id}/withdrawal", may: create, do: h.Withdraw},
		{method: post, path: "/distributions/{id}/cancellation", may: cancel, do: h.Cancel},
		{method: post, path: "/distributions/{id}/copy", may: create, do: h.Copy},
		{method: post, path: "/distributions/{id}/resolution", may: propose, do: h.Resolve},
		{method: get, path: "/distributions/{id}/resolution", may: propose, do: h.ResolutionForm},
		{method: get, path: "/distributions/{id}/acknowledgement", may: acknowledge, do: h.AcknowledgementForm},
		{method: post, path: "/distributions/{id}/acknowledgement", may: acknowledge, do: h.Acknowledge},
		{method: get, path: "/distributions/{id}/order", may: read, do: h.Order},
		{method: post, path: "/distributions/{id}/notes", may: who(distribution.AnnotateOwn, distribution.AnnotateAny), do: h.AddNote},

		{method: get, path: "/approvals", may: read, do: h.Approvals},
		{method: post, path: "/approvals", may: decide, do: h.ApproveMany, fresh: true},
		{method: get, path: "/approvals/requirement", may: create, do: h.Requirement},
		{method: post, path: "/distributions/{id}/approval", may: decide, do: h.Approve, fresh: true},
		{method: get, path: "/distributions/{id}/decline", may: decide, do: h.DeclineForm},
		{method: post, path: "/distributions/{id}/decline", may: decide, do: h.Decline},

		{method: get, path: "/unknown", may: read, do: h.Unknown},
		{method: get, path: "/proposals", may: read, do: h.Proposals},
		{method: post, path: "/proposals/{id}/confirmation", may: settle, do: h.ConfirmProposal, fresh: true},
		{method: post, path: "/proposals/{id}/refusal", may: settle, do: h.RefuseProposal},
		{method: post, path: "/proposals/{id}/withdrawal", may: takeBack, do: h.WithdrawProposal},

		{method: get, path: "/audit", may: who(distribution.ReadAudit), do: h.Audit},
		{method: get, path: "/audit/{id}", may: who(distribution.ReadAudit), do: h.AuditRecord},
		{method: get, path: "/integrity", may: who(distribution.ReadAudit), do: h.Integrity},
		{method: get, path: "/settings", may: who(distribution.ReadSettings), do: h.Settings},
		{method: post, path: "/settings/limits", may: who(distribution.ChangeSettings), do: h.ProposePolicy, fresh: true},
		{method: post, path: "/settings/factors", may: who(distribution.ChangeSettings), do: h.ProposeFactorRoles, fresh: true},
		{method: get, path: "/settings/sending", may: read, do: h.Sending},
		{method: post, path: "/settings/sending", may: who(distribution.StopSending, distribution.StartSending), do: h.SetSending},
		{method: post, path: "/settings/sending/proposal", may: who(distribution.LiftUnitAlarm), do: h.ProposeStart, fresh: true},

		{method: get, path: "/hold", may: read, do: h.Hold, polled: true},
		{method: post, path: "/hold/proposal", may: who(distribution.StartSending), do: h.ProposeLift, fresh: true},

		{method: get, path: "/exports", may: export, do: h.Exports},
		{method: post, path: "/exports", may: export, do: h.CreateExport},
		{method: get, path: "/exports/{id}", may: export, do: h.Export, polled: true},
		{method: get, path: "/exports/{id}/file", may: export, do: h.ExportFile},
	})
}

// listRoutes are those of the list, of what it is looked at with, and of searching.
func listRoutes(h *handlers.Handlers) []route {
	const get, post = http.MethodGet, http.MethodPost
	read := who(distribution.ReadMoney)
	return []route{
		{method: get, path: "/distributions", may: read, do: h.List},
		{method: get, path: "/distributions/arrivals", may: read, do: h.Arrivals, polled: true},
		{method: get, path: "/distributions/{id}/peek", may: read, do: h.Peek},
		{method: get, path: "/me/views", may: read, do: h.Views},
		{method: post, path: "/me/views", may: read, do: h.SaveView},
		{method: post, path: "/me/views/{id}", may: read, do: h.EditView},
		{method: post, path: "/me/views/{id}/deletion", may: read, do: h.DeleteView},
		{method: get, path: "/me/columns", may: read, do: h.Columns},
		{method: post, path: "/me/columns", may: read, do: h.SetColumns},
		{method: get, path: "/search", may: read, do: h.Suggestions},
	}
}

// formRoutes are those of the form of a distribution while it is filled in.
func formRoutes(h *handlers.Handlers) []route {
	create := who(distribution.Create)
	return []route{
		{method: http.MethodGet, path: "/distributions/new", may: create, do: h.NewDraft},
		{method: http.MethodPost, path: "/distributions", may: create, do: h.CreateDraft},
		{method: http.MethodGet, path: "/distributions/{id}/edit", may: create, do: h.EditDraft},
		{method: http.MethodPost, path: "/distributions/{id}/edit", may: create, do: h.SaveDraft},
		{method: http.MethodPost, path: "/distributions/checks", may: create, do: h.CheckForm},
		{method: http.MethodPost, path: "/distributions/fillings", may: create, do: h.FillForm},
		{method: http.MethodGet, path: "/drafts", may: create, do: h.FormDrafts},
		{method: http.MethodPost, path: "/drafts/{id}", may: create, do: h.KeepDraft},
		{method: http.MethodPost, path: "/drafts/{id}/removal", may: create, do: h.DropDraft},
	}
}

// recipientRoutes are those of the book of recipients.
func recipientRoutes(h *handlers.Handlers) []route {
	read, create := who(distribution.ReadMoney), who(distribution.Create)
	return []route{
		{method: http.MethodGet, path: "/recipients", may: read, do: h.Recipients},
		{method: http.MethodGet, path: "/recipients/options", may: create, do: h.RecipientOptions},
		{method: http.MethodGet, path: "/recipients/{id}", may: read, do: h.Recipient},
		{method: http.MethodPost, path: "/recipients/{id}", may: create, do: h.EditRecipient},
		{method: http.MethodPost, path: "/recipients/{id}/archiving", may: create, do: h.ArchiveRecipient},
		{method: http.MethodPost, path: "/recipients/{id}/restoration", may: create, do: h.RestoreRecipient},
	}
}

// accountRoutes are those of signing in, of one's own account, and of people.
func accountRoutes(h *handlers.Handlers) []route {
	const get, post = http.MethodGet, http.MethodPost
	readPeople, people := who(distribution.ReadSettings), who(distribution.ChangeSettings)
	return []route{
		{method: get, path: "/login", may: everybody(), do: h.SignInPage},
		{method: post, path: "/login", may: everybody(), do: h.SignIn},
		{method: get, path: "/login/factor", may: everybody(), do: h.FactorStepPage},
		{method: post, path: "/login/factor", may: everybody(), do: h.FactorStep},
		{method: get, path: "/invitations/{token}", may: everybody(), do: h.Invitation},
		{method: post, path: "/invitations/{token}", may: everybody(), do: h.AcceptInvitation},
		{method: post, path: "/logout", may: everybody(), do: h.SignOut},
		{method: post, path: "/me/preferences", may: everybody(), do: h.SetPreferences},

		{method: get, path: "/session", may: signedIn(), do: h.SessionAlive, enrols: true},
		{method: get, path: "/help/keyboard", may: signedIn(), do: h.KeyboardHelp},
		{method: get, path: "/gallery", may: signedIn(), do: h.Gallery},
		{method: get, path: "/resumption", may: signedIn(), do: h.Resumption},
		{method: get, path: "/me", may: signedIn(), do: h.Me},
		{method: post, path: "/me/password", may: signedIn(), do: h.ChangePassword},
		{method: post, path: "/me/sessions/revocation", may: signedIn(), do: h.EndMySessions},
		{method: post, path: "/me/sessions/{id}/revocation", may: signedIn(), do: h.EndMySession},
		{method: get, path: "/me/factor", may: signedIn(), do: h.Factor, enrols: true},
		{method: post, path: "/me/factor", may: signedIn(), do: h.OfferFactor, enrols: true, fresh: true},
		{method: post, path: "/me/factor/confirmation", may: signedIn(), do: h.ConfirmFactor, enrols: true, fresh: true},
		{method: post, path: "/me/factor/removal", may: signedIn(), do: h.RemoveFactor},

		{method: get, path: "/users", may: readPeople, do: h.Users},
		{method: post, path: "/users", may: people, do: h.CreateUser, fresh: true},
		{method: get, path: "/users/{id}", may: readPeople, do: h.User},
		{method: post, path: "/users/{id}/role", may: people, do: h.SetUserRole, fresh: true},
		{method: post, path: "/users/{id}/disablement", may: people, do: h.DisableUser, fresh: true},
		{method: post, path: "/users/{id}/enablement", may: people, do: h.EnableUser, fresh: true},
		{method: post, path: "/users/{id}/invitation", may: people, do: h.InviteUser, fresh: true},
		{method: post, path: "/users/{id}/factor-reset", may: people, do: h.ResetFactor, fresh: true},
	}
}

// machineRoutes is every address that programs use. They see no session.
func machineRoutes(s *server) []route {
	return []route{
		{method: http.MethodGet, path: "/healthz", may: everybody(), do: s.Handlers.Alive},
		{method: http.MethodGet, path: "/readyz", may: everybody(), do: s.Handlers.IsReady},
		{method: http.MethodGet, path: "/metrics", may: everybody(), do: s.metrics},
	}
}

// router puts the middleware round the table, outermost first. The language
// comes before recovery, so that every error page has one; recovery comes after
// the access log, so that the log tells the status that was really sent.
func (s *server) router() (http.Handler, error) {
	// Its zstd packs our pages looser than gzip does, and browsers would prefer it.
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.CompressionLevel(7), gzhttp.PreferZstd(false))
	if err != nil {
		return nil, fmt.Errorf("compression: %w", err)
	}
	sameOrigin, err := s.sameOrigin()
	if err != nil {
		return nil, err
	}
	r := chi.NewRouter()
	r.Use(requestID, middleware.ClientIPFromXFF(loopback()...), s.accessLog(), s.counted,
		func(next http.Handler) http.Handler { return compress(next) },
		s.language, s.recovery, s.headers, middleware.GetHead)
	r.Mount(static.Prefix, s.Assets.Handler())
	for _, row := range machineRoutes(s) {
		r.Method(row.method, row.path, s.adapt(row.do))
	}
	r.Group(func(r chi.Router) {
		// Recovery again, where it is known who asks: the page and the log say so.
		r.Use(limitBody, sameOrigin, s.person, s.recovery)
		r.NotFound(s.adapt(notFound))
		r.MethodNotAllowed(s.adapt(s.methodNotAllowed))
		for _, row := range routes(s.Handlers) {
			r.Method(row.method, row.path, s.adapt(s.guard(row)))
		}
	})
	return r, nil
}

// guard lets in whom the row allows.
func (s *server) guard(row route) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		actor := session.Actor(r.Context())
		switch {
		case row.may.open:
		case actor.IsZero():
			return s.toSignIn(w, r)
		case !row.may.allows(actor.Role):
			return &needsRole{row.may}
		}
		if !row.polled || !handlers.Scripted(r) {
			s.seen(r)
		}
		if on, err := s.proven(w, r, row); !on || err != nil {
			return err
		}
		return row.do(w, r)
	}
}

// proven asks of the person what the row asks beside the role. When it reports
// false, the answer is written.
func (s *server) proven(w http.ResponseWriter, r *http.Request, row route) (bool, error) {
	if !row.may.open && !row.enrols {
		must, err := s.Handlers.MustSetFactor(r)
		if err != nil {
			return false, err
		}
		if must {
			return false, s.Handlers.ToFactor(w, r)
		}
	}
	fresh := row.fresh
	if row.freshIf != nil {
		var err error
		if fresh, err = row.freshIf(r); err != nil {
			return false, err
		}
	}
	if !fresh {
		return true, nil
	}
	return s.Handlers.Prove(w, r)
}
