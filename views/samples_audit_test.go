package views_test

import (
	"plexydash/distribution"
	"plexydash/views/audit"
	"plexydash/views/components"
	"plexydash/views/exports"
)

// auditLines has one line of each shape.
func auditLines() []audit.Line {
	target := audit.Target{Name: "DIST-7F3K9Q", Distribution: "0195a1c2", Amount: 25_000_000, Recipient: "ТОО «Сарыарка <Логистик>»"}
	hash := "9f2c81ab0123456789abcdef0123456789abcdef0123456789abcdef012307de"
	approved := audit.Line{
		Seq: 48229, At: now(), Actor: maker(), Role: distribution.Manager, Address: "10.0.3.7", RequestID: "R8F3V5KQ2TZHM4WC",
		Action: "distribution.approved", Object: "distribution", ObjectID: "0195a1c2", Target: target, Result: "done", Hash: hash,
		Changes: []audit.Change{
			{Field: "status", Was: "awaiting_approval", Now: "queued", Before: true},
			{Field: "recipient.iban", Was: "KZ86125KZT5004100100", Before: true},
			{Field: "amount", Now: "25000000"},
			{Field: "confirmed.bin.check", Now: "А. Ли"},
			{Field: "somethingNew", Now: "1"},
			{Field: "origin", Now: "dashboard"},
		},
	}
	refused := approved
	refused.Seq, refused.Action, refused.Result, refused.Reason, refused.Changes = 48230, "distribution.approval", "denied", "own", nil
	typed := approved
	typed.Seq, typed.Action, typed.Reason = 48231, "distribution.declined", "нет <договора>"
	role := audit.Line{
		Seq: 3, At: now(), Actor: distribution.Person{ID: "cli:root", Name: "root"}, Action: "user.role_changed", Object: "user", ObjectID: "u1",
		Target: audit.Target{Name: "Т. Оспанов"}, Result: "done", Hash: hash,
		Changes: []audit.Change{{Field: "from", Now: "auditor"}, {Field: "to", Now: "accountant"}},
	}
	system := audit.Line{
		Seq: 2, At: now(), Actor: distribution.Person{ID: "system:sender"}, Action: "distribution.lost", Object: "distribution", ObjectID: "gone",
		Result: "done", Reason: "timeout", Hash: hash,
	}
	proposed := approved
	proposed.Seq, proposed.Action, proposed.Object, proposed.Changes = 5, "decision.proposed", "decision", []audit.Change{{Field: "kind", Now: "resend"}}
	exported := role
	exported.Seq, exported.Action, exported.Object, exported.Target, exported.Changes = 6, "export.requested", "export", audit.Target{}, []audit.Change{{Field: "kind", Now: "distributions"}}
	stranger := audit.Line{
		Seq: 1, At: now(), Actor: distribution.Person{ID: "anonymous", Name: "anonymous"}, Address: "10.0.3.9", Action: "user.sign_in_failed",
		Object: "user", Reason: "password", Result: "denied", Hash: hash,
	}
	failed := exported
	failed.Seq, failed.Action, failed.Result, failed.Reason = 7, "export.failed", "failed", "7F3KQ2XA"
	return []audit.Line{typed, refused, approved, failed, exported, proposed, role, system, stranger}
}

func auditSamples() []sample {
	full := audit.Props{
		Chrome: chrome(components.Fresh), Lines: auditLines(), Totals: audit.Totals{Count: 48232, Denied: 3, Failed: 5}, NextPage: "/audit?cursor=0",
		CanExport: true, Check: audit.Check{At: now(), Records: 48232, Signed: 48232, SignedTime: now()}, Now: now(),
	}
	narrow := full
	narrow.Filter = audit.Filter{
		Q: "ТОО & К", Person: "g@sapa.kz", Role: "manager", Object: "distribution", Action: "distribution.approved", ID: "DIST-1",
		Result: "denied", Address: "10.0.3.7", From: "2026-03-01", To: "2026-03-16", Size: "100",
	}
	narrow.Totals.More, narrow.FirstPage, narrow.CanExport, narrow.LookedBack, narrow.Check = true, "/audit", false, now(), audit.Check{}
	none := narrow
	none.Lines, none.LookedBack, none.NextPage = nil, none.Lines[0].At.AddDate(0, 0, -1), "/audit?cursor=7"
	filtered := none
	filtered.LookedBack, filtered.NextPage = full.LookedBack, ""
	empty := audit.Props{Chrome: chrome(components.Fresh), Now: now()}
	broken := full
	broken.Check.Broken = true
	e := exports.Export{
		ID: "e2", Kind: "audit", State: exports.Ready, Format: "jsonl", Dialect: "excel", CreatedAt: now(), AsOf: now(), Rows: 12,
		SHA256: "0123456789abcdef0123", FileName: "audit.jsonl", AuditFilter: narrow.Filter,
	}
	waiting, lost := e, e
	waiting.State, lost.State, lost.ErrorCode, lost.AuditFilter = exports.Waiting, exports.Failed, "7F3K9Q", audit.Filter{}
	return []sample{
		{"audit", audit.Page(full), false},
		{"audit-narrow", audit.Page(narrow), false},
		{"audit-looked-back", audit.Page(none), false},
		{"audit-filtered-empty", audit.Page(filtered), false},
		{"audit-empty", audit.Page(empty), false},
		{"audit-broken", audit.Page(broken), false},
		{"export-audit", exports.Page(exports.PageProps{Chrome: chrome(components.Fresh), Export: e}), false},
		{"export-audit-failed", exports.Page(exports.PageProps{Chrome: chrome(components.Fresh), Export: lost}), false},
		{"exports-audit", exports.List(exports.ListProps{Chrome: chrome(components.Fresh), Exports: []exports.Export{waiting, e}, Now: now()}), false},
	}
}
