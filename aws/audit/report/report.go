// Package report writes an audit of any size as JSON lines, CSV, Markdown or HTML,
// and holds two audits of one pair against each other. Rows are read one after
// another, so that the memory that a report takes does not grow with them.
package report

import (
	"iter"

	"bothways/aws/apierror"
	"bothways/aws/audit"
	"bothways/aws/audit/difference"
	"bothways/probe/wording"
)

// Audit is an audit as its reports have it.
type Audit struct {
	RunID   string
	Version string // of bothways
	Access  string // how AWS was reached, in words
	// Notes are what a reader of the numbers must know.
	Notes    []string
	Started  audit.Started
	Tally    difference.Tally
	Requests audit.Requests
	// Result is nil where the audit was cut off.
	Result *audit.Result
	// Rows are the differences. They end with the first error.
	Rows iter.Seq2[difference.Difference, error]
}

// Of is the audit that a journal tells of.
func Of(r *audit.Record) Audit {
	a := Audit{
		RunID: r.Opening.RunID, Version: r.Opening.Version, Access: r.Opening.Access, Notes: r.Opening.Notes,
		Started: r.Started, Tally: r.Tally, Requests: r.Requests, Result: r.Result, Rows: r.Differences(),
	}
	if r.Complete() {
		a.Tally, a.Requests = r.Result.Tally, r.Result.Requests
	}
	return a
}

// lists are what was compared in place of the buckets, or nil.
func (a Audit) lists() *difference.Lists {
	if a.Result != nil {
		return a.Result.Lists
	}
	return a.Started.Lists
}

// Complete says that everything was compared and looked at.
func (a Audit) Complete() bool { return a.Result != nil && a.Result.Complete }

// Masked is the audit without the IDs of AWS accounts, wherever they stand but in
// what S3 names versions and contents by.
func (a Audit) Masked() Audit { return a.rewritten(wording.MaskAccounts) }

// redacted is the audit without what looks like a credential.
func (a Audit) redacted() Audit { return a.rewritten(apierror.Redact) }

func (a Audit) rewritten(change func(string) string) Audit {
	a.Version, a.Access, a.Notes = change(a.Version), change(a.Access), all(a.Notes, change)
	p := &a.Started.Pair
	p.A.Bucket, p.B.Bucket = change(p.A.Bucket), change(p.B.Bucket)
	for _, text := range []*string{
		&p.Options.Prefix, &p.Options.RoleBoundary, &p.Options.RolePath, &p.Options.RolePrefix, &p.Given.KeyA, &p.Given.KeyB,
		&p.Given.RoleAtoB, &p.Given.RoleBtoA, &a.Started.Prefix,
	} {
		*text = change(*text)
	}
	if a.Result != nil {
		result := *a.Result
		result.Why = change(result.Why)
		a.Result = &result
	}
	rows := a.Rows
	a.Rows = func(yield func(difference.Difference, error) bool) {
		for d, err := range rows {
			d.Key, d.Evidence = change(d.Key), all(d.Evidence, change)
			if !yield(d, err) {
				return
			}
		}
	}
	return a
}

func all(texts []string, change func(string) string) []string {
	changed := make([]string, len(texts))
	for i, text := range texts {
		changed[i] = change(text)
	}
	return changed
}
