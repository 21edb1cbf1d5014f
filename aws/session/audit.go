package session

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sourcegraph/conc/pool"

	"bothways/aws/account"
	"bothways/aws/audit"
	"bothways/aws/audit/athena"
	"bothways/aws/audit/cause"
	"bothways/aws/audit/deep"
	"bothways/aws/audit/difference"
	"bothways/aws/audit/draw"
	"bothways/aws/journal"
	"bothways/aws/pair"
	"bothways/aws/replication/survey"
)

// AuditOptions is what an audit is asked for.
type AuditOptions struct {
	Prefix string
	Since  time.Time
	// Workers is the most requests for listings at a time; 0: chosen.
	Workers int
	// Grace is how long a difference is left alone before it is looked at again;
	// 0: audit.DefaultGrace.
	Grace time.Duration
	// Resume goes on with an earlier audit: its run's ID or the beginning of one,
	// or ResumeNewest; "": a new one.
	Resume string
	// Deep is how many random versions that the sides agree in are looked at for
	// what no listing shows; 0: none.
	Deep int
	// Source compares at first look; nil: the listings of both sides.
	Source audit.Source
	// Inventory compares the newest lists of S3 Inventory of both sides in place
	// of listing them. An audit that goes on does as the one that it goes on with.
	Inventory bool
	// Athena has Amazon Athena compare these lists; nil: they are joined on this
	// computer's disk. An audit that goes on does as the one that it goes on with.
	Athena *athena.Asking
	// AnyPrice agrees to whatever Athena costs.
	AnyPrice bool
	// Judge tells what differences mean; nil: package cause does.
	Judge audit.Judge
}

// ResumeNewest goes on with the newest audit of the same pair, prefix and time
// that did not come to its end.
const ResumeNewest = "newest"

// NothingToResumeError says that there is no audit to go on with.
type NothingToResumeError struct{ Why string }

func (e *NothingToResumeError) Error() string { return "there is no audit to go on with: " + e.Why }

// Audit compares both sides. It changes nothing, so that nothing but another
// process that writes the same run's journal keeps it from running. Its errors
// are those of audit.Run and deep.Look, a *NothingToResumeError, a
// *athena.DearError, and a *journal.WritingError. Deep samples come after the audit's result, as
// deep.Sampled and a deep.Result.
func (s *Session) Audit(ctx context.Context, access account.Access, p pair.Pair, options AuditOptions, face pair.Emit) (audit.Result, error) {
	world, err := s.open(ctx, access, p)
	if err != nil {
		return audit.Result{}, err
	}
	earlier, err := s.resumable(p, options)
	if err != nil {
		return audit.Result{}, err
	}
	owners, err := owners(ctx, world)
	if err != nil {
		return audit.Result{}, placed(ctx, world, err)
	}
	config := audit.Config{
		World: world, Prefix: options.Prefix, Since: options.Since, Workers: options.Workers, Grace: options.Grace,
		Source: options.Source, Judge: options.Judge, Owners: owners, Resume: earlier,
	}
	if config.Judge == nil {
		about := cause.Options{Runs: s.runs}
		if access.Sandbox { // a private one has no past
			about.Runs = ""
		}
		judge := cause.NewLater(world, about)
		config.Judge, config.Heads, config.Notes = judge.Judge, judge.Heads, judge.Notes
	}
	if options.Deep > 0 {
		config.Draw = draw.New(options.Deep, rand.Uint64())
	}
	var record *recorder
	var begins listed
	if options.Inventory || earlier != nil {
		if begins, err = s.byInventory(ctx, &config, options, func(e pair.Event) { record.emit(e) }); err != nil {
			return audit.Result{}, err
		}
	}
	if record, err = s.recordAudit(access, &config, face); err != nil {
		return audit.Result{}, err
	}
	defer record.close()
	begun := config.Resume != nil
	result, err := audit.Run(ctx, config, func(e pair.Event) {
		switch e.(type) {
		case audit.Progress, difference.Difference: // what is told of them later lies in the rows
			record.tell(e)
		default:
			begun = true
			record.emit(e)
			if _, is := e.(audit.Started); is {
				for _, told := range begins.events() {
					record.emit(told)
				}
			}
		}
	})
	err = placed(ctx, world, err)
	if !begun { // neither side could be listed
		record.discard()
		_ = os.Remove(config.Rows)
	}
	if err == nil && options.Deep > 0 {
		_, err = deep.Look(ctx, world, owners, options.Deep, config.Draw.Drawn(), func(e pair.Event) {
			if of, is := e.(deep.Result); is && config.Resume != nil {
				e = of.OfPart()
			}
			record.emit(e)
		})
	}
	return result, err
}

// recordAudit begins a run's journal, or goes on with that of an earlier one.
func (s *Session) recordAudit(access account.Access, config *audit.Config, face pair.Emit) (*recorder, error) {
	if config.Resume == nil {
		if s.runs != "" && os.MkdirAll(s.runs, 0o700) == nil {
			rows := filepath.Join(s.runs, config.World.RunID+audit.RowsExtension)
			// Before the journal, which brings the folder's names to disk.
			if err := os.WriteFile(rows, nil, 0o600); err == nil {
				config.Rows = rows
			}
		}
		return s.record("audit", access, config.World, face), nil
	}
	j, err := journal.Append(config.Resume.Path)
	if err != nil {
		return nil, err
	}
	// Only now nobody else writes it any more.
	if config.Resume, err = audit.Read(config.Resume.Path); err != nil {
		return nil, errors.Join(err, j.Close())
	}
	config.World.RunID, config.Rows = config.Resume.Opening.RunID, audit.RowsOf(config.Resume.Path)
	s.own.add(j.Path())
	r := &recorder{journal: j, face: face, follow: s.follow, state: Recording{RunID: config.World.RunID, Path: j.Path()}}
	r.followed(r.state)
	face(r.state)
	return r, nil
}

// owners are the accounts that the sides' credentials belong to.
func owners(ctx context.Context, world survey.World) (map[pair.SideName]string, error) {
	accounts := make([]string, 2)
	asking := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for i, side := range pair.Sides() {
		asking.Go(func(ctx context.Context) error {
			who, err := world.Clients(side).Identify(ctx)
			if err != nil {
				return fmt.Errorf("side %s: %w", side, err)
			}
			accounts[i] = who.Account
			return nil
		})
	}
	if err := asking.Wait(); err != nil {
		return nil, err
	}
	return map[pair.SideName]string{pair.A: accounts[0], pair.B: accounts[1]}, nil
}

// resumable is the earlier audit that is gone on with, or nil.
func (s *Session) resumable(p pair.Pair, options AuditOptions) (*audit.Record, error) {
	switch options.Resume {
	case "":
		return nil, nil
	case ResumeNewest:
		return s.unfinished(p, options)
	}
	path, err := journal.Find(s.runs, options.Resume)
	if err != nil {
		return nil, &NothingToResumeError{err.Error()}
	}
	earlier, err := audit.Read(path)
	if err != nil {
		return nil, &NothingToResumeError{err.Error()}
	}
	if earlier.Complete() {
		return nil, &NothingToResumeError{"run " + earlier.Opening.RunID + " came to its end"}
	}
	if !goesOn(earlier, p, options) {
		return nil, &NothingToResumeError{"run " + earlier.Opening.RunID + " compared " + earlier.Started.What() + ", and this is " + audit.Started{Pair: p, Prefix: options.Prefix, Since: options.Since}.What()}
	}
	return earlier, nil
}

// unfinished is the newest audit that can be gone on with.
func (s *Session) unfinished(p pair.Pair, options AuditOptions) (*audit.Record, error) {
	entries, err := journal.Entries(s.runs)
	if err != nil {
		return nil, &NothingToResumeError{err.Error()}
	}
	for _, e := range slices.Backward(entries) {
		// Only audits have rows, so that no other journal is read.
		run, is := strings.CutSuffix(e.Name(), audit.RowsExtension)
		path := filepath.Join(s.runs, run+journal.Extension)
		if !is || journal.Writing(path) {
			continue
		}
		if earlier, err := audit.Read(path); err == nil && !earlier.Complete() && goesOn(earlier, p, options) {
			return earlier, nil
		}
	}
	return nil, &NothingToResumeError{"no audit of these sides, with this prefix and this time, was left unfinished"}
}

func goesOn(earlier *audit.Record, p pair.Pair, options AuditOptions) bool {
	was := earlier.Started
	return was.Pair.A == p.A && was.Pair.B == p.B && was.Prefix == options.Prefix && was.Since.Equal(options.Since)
}
