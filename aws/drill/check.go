package drill

import (
	"context"
	"fmt"
	"strings"
	"time"

	"bothways/aws/drill/record"
	"bothways/aws/pair"
	"bothways/aws/replication/doctor"
	"bothways/aws/replication/survey"
)

// levels are those of findings, by what a survey or a diagnosis says.
var levels = map[survey.Severity]record.Level{survey.Blocker: record.Blocks, survey.Warning: record.Warns, survey.Note: record.Notes}

// check looks whether the pair is in a state for a drill. It changes nothing.
func (r *run) check(ctx context.Context) (string, error) {
	var blocks []string
	take := func(f record.Finding) {
		r.find(f)
		if f.Level == record.Blocks {
			blocks = append(blocks, f.Title)
		}
	}
	diagnosis, err := doctor.Examine(ctx, r.World, doctor.ExamineOptions{}, func(pair.Event) {})
	if err != nil {
		return "", fmt.Errorf("look whether the pair replicates: %w", err)
	}
	for _, t := range diagnosis.Troubles {
		take(record.Finding{Level: levels[t.Severity], Side: t.Side, Title: t.Title, Text: t.Meaning, Todo: t.Todo})
	}
	if len(blocks) > 0 && !r.Scope.Anyway {
		return "", &UnhealthyError{strings.Join(blocks, "; ")}
	}
	for _, f := range r.Ready {
		take(f)
	}
	if r.before, err = r.configurations(ctx, record.Before); err != nil {
		return "", err
	}
	if r.Fault != nil {
		found, err := r.Fault.Check(ctx)
		if err != nil {
			return "", err
		}
		for _, f := range found {
			take(f)
		}
	}
	compared, err := r.compare(ctx, record.Before)
	if err != nil {
		return "", err
	}
	if !compared.Clean {
		take(record.Finding{Level: record.Blocks, Title: "the two sides don't hold the same", Text: compared.Why, Todo: "bothways audit says what is missing and why"})
	}
	if len(blocks) > 0 && !r.Scope.Anyway {
		return "", &UnhealthyError{strings.Join(blocks, "; ")}
	}
	if len(blocks) > 0 {
		return "not healthy, and asked for all the same: " + strings.Join(blocks, "; "), nil
	}
	return "healthy", nil
}

// compare audits the scope's prefix, and tells what came of it.
func (r *run) compare(ctx context.Context, m record.Moment) (record.Compared, error) {
	began := time.Now()
	compared, err := r.Compare(ctx, m)
	if err != nil {
		return compared, fmt.Errorf("compare both sides: %w", err)
	}
	compared.BeganMS, compared.SinceStartMS = r.ms(began), r.ms(time.Now())
	r.emit(compared)
	return compared, nil
}
