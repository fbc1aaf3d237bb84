package handlers

import (
	"net/http"
	"strings"

	"plexydash/distribution"
	"plexydash/i18n"
	"plexydash/store"
)

// ProposeFactorRoles handles POST /settings/factors: who must have a second
// factor. Another administrator decides.
func (h *Handlers) ProposeFactorRoles(w http.ResponseWriter, r *http.Request) error {
	fields := []string{"reason"}
	for _, role := range distribution.Roles() {
		fields = append(fields, string(role))
	}
	v, err := readForm(r, nil, fields...)
	if err != nil {
		return err
	}
	policy, err := h.DB.Policy(r.Context())
	if err != nil {
		return err
	}
	policy.FactorRoles = nil
	for _, role := range distribution.Roles() {
		if v.Has(string(role)) {
			policy.FactorRoles = append(policy.FactorRoles, role)
		}
	}
	return h.proposeSetting(w, r, store.Proposal{Kind: distribution.DecidePolicy, Reason: strings.TrimSpace(v.Get("reason")), Policy: &policy})
}

// roleNames lists roles in words.
func roleNames(p *i18n.Printer, roles []distribution.Role) string {
	if len(roles) == 0 {
		return p.T("proposal.policy.nobody")
	}
	var names []string
	for _, role := range roles {
		names = append(names, p.T("role."+string(role)))
	}
	return strings.Join(names, ", ")
}
