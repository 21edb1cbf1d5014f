package metrics

import (
	"fmt"
	"io"
	"os"
	"path/filepath"

	"bothways/aws/audit"
	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// WriteAudit writes an audit's counts as text that Prometheus's node exporter
// takes from a file. A verdict without versions is there with 0, so that an alarm
// has something to hold against.
func WriteAudit(w io.Writer, p pair.Pair, r audit.Result, version string) error {
	var x exposition
	sides := labels{{"a", p.A.String()}, {"b", p.B.String()}}
	with := func(more ...label) labels { return append(sides[:len(sides):len(sides)], more...) }
	x.family("bothways_audit_info", "gauge", "", "The program that audited; always 1.")
	x.sample("bothways_audit_info", with(label{"version", version}), 1)
	x.family("bothways_audit_versions", "gauge", "", "Versions and delete markers of both sides, each counted once, by verdict.")
	for _, v := range difference.Verdicts() {
		x.sample("bothways_audit_versions", with(label{"verdict", string(v)}), float64(r.Tally.Verdicts[v].Versions))
	}
	x.family("bothways_audit_wrong_versions", "gauge", "", "Versions that are missing, differ or are served differently.")
	x.sample("bothways_audit_wrong_versions", with(), float64(r.Tally.Of(difference.Wrong).Versions))
	x.family("bothways_audit_open_versions", "gauge", "", "Versions of which it could not be told.")
	x.sample("bothways_audit_open_versions", with(), float64(r.Tally.Of(difference.Open).Versions))
	x.family("bothways_audit_complete", "gauge", "", "1 where everything was compared.")
	x.sample("bothways_audit_complete", with(), map[bool]float64{true: 1}[r.Complete])
	x.family("bothways_audit_cut_off_timestamp_seconds", "gauge", "", "What was written later was not judged.")
	x.sample("bothways_audit_cut_off_timestamp_seconds", with(), float64(r.CutOff.Unix()))
	x.family("bothways_audit_finished_timestamp_seconds", "gauge", "", "When the audit ended.")
	x.sample("bothways_audit_finished_timestamp_seconds", with(), float64(r.Finished.Unix()))
	_, err := io.WriteString(w, x.text.String())
	return err
}

// KeepAudit writes that to a file, which is whole at any time: whoever reads it
// meanwhile has the one before.
func KeepAudit(path string, p pair.Pair, r audit.Result, version string) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), ".bothways-*")
	if err != nil {
		return fmt.Errorf("write the metrics: %w", err)
	}
	err = WriteAudit(file, p, r, version)
	if err == nil {
		err = file.Chmod(0o644)
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		_ = os.Remove(file.Name()) // the error before counts
		return fmt.Errorf("write the metrics to %s: %w", path, err)
	}
	return nil
}
