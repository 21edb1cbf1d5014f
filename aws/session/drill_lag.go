package session

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"bothways/aws/account"
	"bothways/aws/drill"
	"bothways/aws/drill/record"
	"bothways/aws/drill/steady"
	"bothways/aws/journal"
	"bothways/aws/localfile"
	"bothways/aws/pair"
	"bothways/probe"
	"bothways/probe/report"
	"bothways/probe/wording"
)

// A measurement that is older says little of the lag now.
const freshest = 30 * 24 * time.Hour

// lag holds what was measured last of a pair against the targets: a drill of
// readiness writes nothing, so that it measures nothing itself.
func (s *Session) lag(access account.Access, scope record.Scope) (found []record.Finding) {
	if scope.Targets.RTO > 0 {
		found = append(found, record.Finding{
			Level: record.Notes, Title: "whether the target for the RTO of " + wording.Duration(scope.Targets.RTO) + " is held is not known", Text: "Only a fault shows how long it takes until the survivor serves.", Todo: "bothways drill --kind cut measures it",
		})
	}
	if scope.Targets.RPO == 0 {
		return found
	}
	target := "the target for the RPO of " + wording.Duration(scope.Targets.RPO)
	run, when, err := s.measured(access, scope)
	if err != nil {
		return append(found, record.Finding{
			Level: record.Warns, Title: "whether the lag holds " + target + " is not known", Text: "A drill of readiness writes nothing, and no measurement of the last 30 days is on this computer: " + err.Error(), Todo: "bothways probe measures it", Unknown: true,
		})
	}
	of := "As it was measured last, on " + when.Local().Format(time.DateOnly) + ": "
	if over := drill.OverTarget(run, scope.Targets.RPO); len(over) > 0 {
		return append(found, record.Finding{Level: record.Blocks, Title: "the lag does not hold " + target, Text: of + strings.Join(over, "; "), Todo: "find what slows replication, or set another target"})
	}
	words := make([]string, 0, 2)
	for _, d := range pair.Directions() {
		p95, n := steady.P95(run, d)
		if n == 0 {
			return append(found, record.Finding{Level: record.Warns, Title: "whether the lag holds " + target + " is not known", Text: of + "nothing arrived " + d.Arrow(), Todo: "bothways probe measures it", Unknown: true})
		}
		words = append(words, fmt.Sprintf("%s at most %s in 95 of 100, of %d", d.Arrow(), wording.Duration(p95), n))
	}
	return append(found, record.Finding{Level: record.Notes, Title: "the lag holds " + target, Text: of + strings.Join(words, "; ")})
}

// measured are the samples of the newest run in which something was measured, where
// that was of this pair.
func (s *Session) measured(access account.Access, scope record.Scope) ([]probe.Sample, time.Time, error) {
	if access.Sandbox {
		return nil, time.Time{}, errors.New("a private sandbox has no past")
	}
	path, _, err := journal.Newest(s.runs, probe.Sample{}.EventName())
	if err != nil {
		return nil, time.Time{}, err
	}
	file, err := localfile.Open(path)
	if err != nil {
		return nil, time.Time{}, err
	}
	defer file.Close()
	run, err := report.Read(file)
	if err != nil {
		return nil, time.Time{}, err
	}
	if len(run.Headers) == 0 || run.Headers[0].Pair.ID() != scope.Pair.ID() {
		return nil, time.Time{}, errors.New("the newest measurement is of another pair")
	}
	when := run.Headers[len(run.Headers)-1].StartedAt
	if time.Since(when) > freshest {
		return nil, time.Time{}, errors.New("the newest measurement is of " + when.Local().Format(time.DateOnly))
	}
	return run.Samples, when, nil
}
