package command

import (
	"errors"

	"bothways/aws/audit"
	auditreport "bothways/aws/audit/report"
	"bothways/aws/journal"
	"bothways/probe/report"
	"bothways/ui/command/usage"
	"bothways/ui/runs"
)

// recorded is the audit that a run's name means; is says whether that run is one.
// Where no run is named the newest counts, if it is an audit.
func (a *app) recorded(name string, mask bool) (found auditreport.Audit, is bool) {
	dir := journal.Folder(a.process.getenv)
	path, newest := runs.NewestAudit(dir)
	if name != "" || !newest {
		var err error
		if path, _, err = runs.Path(dir, name); err != nil {
			return found, false // whoever looks for samples says so
		}
	}
	record, err := audit.Read(path)
	if err != nil {
		return found, false // whoever looks for samples says so
	}
	if found = auditreport.Of(record); mask {
		found = found.Masked()
	}
	return found, true
}

// reportAudit writes the report of an audit, where the one run that is named is
// one.
func (a *app) reportAudit(names []string, format, target string, mask bool) (done bool, err error) {
	if len(names) != 1 {
		return false, nil
	}
	found, is := a.recorded(names[0], mask)
	if !is {
		return false, nil
	}
	if target != "" {
		return true, usage.Wrong("--target is for measurements, and the run %s is an audit", found.RunID)
	}
	wanted, err := auditreport.ParseFormat(format)
	if err != nil {
		return true, usage.Wrong("--format: %w", err)
	}
	return true, auditreport.Write(a.process.Stdout, found, wanted)
}

// compareAudits holds two audits against each other, where both runs that are
// named are audits.
func (a *app) compareAudits(before, after string, format report.Format, mask bool) (done bool, err error) {
	earlier, is := a.recorded(before, mask)
	if !is {
		return false, nil
	}
	later, is := a.recorded(after, mask)
	if !is {
		return true, usage.Wrong("the run %s is an audit, and %s is none: compare two audits, or two measurements", earlier.RunID, after)
	}
	compared, err := auditreport.Compare(earlier, later)
	if other, is := errors.AsType[*auditreport.NotComparableError](err); is {
		return true, usage.Wrong("%w", other)
	}
	if err != nil {
		return true, err
	}
	return true, compared.Write(a.process.Stdout, auditreport.Format(format))
}
