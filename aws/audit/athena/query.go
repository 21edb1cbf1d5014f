package athena

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/athena"
	"github.com/aws/aws-sdk-go-v2/service/athena/types"

	"bothways/aws/pair"
	"bothways/probe/cost"
)

// Queries asks Athena.
type Queries struct {
	Client *athena.Client
	Region string // the client's, for what is said of errors
	// Workgroup is where queries run; it may have an output location of its own,
	// which it then keeps to.
	Workgroup string
	// Output is where answers go, as s3://BUCKET/PREFIX/; "": as the workgroup says.
	Output   string
	Database string // "" is default
	// RunID tells the queries of a run from those of others: the same question
	// of the same run is asked once, however often it is started.
	RunID string
	// Told is told of every query: before it is asked, when it has its ID, and
	// when it has ended. nil: nobody is.
	Told pair.Emit
	// Earlier is what became of the questions that this run asked before it was
	// interrupted.
	Earlier Earlier
	// Pause is how long a query is left alone at first before it is asked for
	// again; 0: a second.
	Pause time.Duration
	// Scanned is how many bytes were read so far, by what is billed.
	Scanned int64
}

// mostTries is how often a query that Athena calls worth it is tried.
const mostTries = 3

// Run asks a question, and has take read its answer row by row, without the row
// of names. A nil field is NULL. A question that this run has asked before is
// not asked again: the query is waited for, or its answer read, unless it came
// to none.
func (q *Queries) Run(ctx context.Context, statement string, take func(row []*string) error) error {
	tries := 0
	for number := 1; ; number++ {
		token := q.token(statement, fmt.Sprint(number))
		before, asked := q.Earlier[token]
		if asked && before.over() {
			continue
		}
		begun, err := q.start(ctx, statement, Query{Token: token})
		if err != nil {
			return err
		}
		again, err := q.wait(ctx, begun)
		switch failed, ended := errors.AsType[*FailedError](err); {
		case err == nil:
			return q.results(ctx, begun.ID, take)
		case asked && ended && failed.ID == begun.ID: // while nobody watched
		default:
			if tries++; !again || tries == mostTries {
				return err
			}
		}
	}
}

// do has a statement executed that has no answer and may be executed twice.
func (q *Queries) do(ctx context.Context, statement string, of Query) error {
	for tries := 1; ; tries++ {
		of.Token = q.token(statement, rand.Text())
		begun, err := q.start(ctx, statement, of)
		if err != nil {
			return err
		}
		again, err := q.wait(ctx, begun)
		if err == nil || !again || tries == mostTries {
			return err
		}
	}
}

// token names a question (Athena API Reference, StartQueryExecution:
// ClientRequestToken has 32 to 128 characters).
func (q *Queries) token(statement, number string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%s\x00%s\x00%s\x00%s\x00%s", q.RunID, number, q.Workgroup, q.Database, q.Output, statement))
	return hex.EncodeToString(sum[:])
}

// startPatience is how long Athena may take to take a question.
const startPatience = 2 * time.Minute

// patient lets the SDK try longer where Athena is asked too much at once.
func patient(o *athena.Options) {
	o.Retryer = retry.AddWithMaxAttempts(o.Retryer, 8)
}

func (q *Queries) start(ctx context.Context, statement string, of Query) (Query, error) {
	in := &athena.StartQueryExecutionInput{QueryString: &statement, WorkGroup: &q.Workgroup, ClientRequestToken: &of.Token}
	if q.Database != "" {
		in.QueryExecutionContext = &types.QueryExecutionContext{Database: &q.Database}
	}
	if q.Output != "" {
		in.ResultConfiguration = &types.ResultConfiguration{OutputLocation: &q.Output}
	}
	if err := ctx.Err(); err != nil {
		return of, err
	}
	of.State = Asked
	q.tell(of)
	// Its answer is waited for, whatever ends meanwhile: a query of which the ID
	// is not known can't be stopped.
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), startPatience)
	defer cancel()
	out, err := q.Client.StartQueryExecution(asking, in, patient)
	if err != nil {
		return of, q.refused("start a query in the workgroup "+q.Workgroup, err)
	}
	of.ID, of.State = aws.ToString(out.QueryExecutionId), Begun
	q.tell(of)
	return of, nil
}

func (q *Queries) tell(e Query) {
	if q.Told != nil {
		q.Told(e)
	}
}

// How often Athena is asked how far a query is.
const (
	firstPoll = time.Second
	lastPoll  = 15 * time.Second
)

// wait waits for a query's end, and stops it where the context ends first.
func (q *Queries) wait(ctx context.Context, of Query) (again bool, err error) {
	id, pause := of.ID, cmp.Or(q.Pause, firstPoll)
	for {
		if err := ctx.Err(); err != nil {
			return false, q.stop(ctx, of, err)
		}
		out, err := q.Client.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: &id}, patient)
		if err != nil {
			return false, q.stop(ctx, of, q.refused("ask for the query "+id, err))
		}
		if out.QueryExecution != nil && out.QueryExecution.Status != nil {
			again, done, err := q.ended(id, out.QueryExecution)
			if done {
				of.State = State(out.QueryExecution.Status.State)
				q.tell(of)
				return again, err
			}
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return false, q.stop(ctx, of, ctx.Err())
		}
		pause = min(pause*3/2, lastPoll)
	}
}

func (q *Queries) ended(id string, e *types.QueryExecution) (again, done bool, err error) {
	state := e.Status.State
	if state == types.QueryExecutionStateQueued || state == types.QueryExecutionStateRunning {
		return false, false, nil
	}
	if e.Statistics != nil {
		// Failed queries cost nothing, cancelled ones what they read.
		if read := aws.ToInt64(e.Statistics.DataScannedInBytes); state != types.QueryExecutionStateFailed {
			q.Scanned += billed(read)
		}
	}
	if state == types.QueryExecutionStateSucceeded {
		return false, true, nil
	}
	reason := aws.ToString(e.Status.StateChangeReason)
	if e.Status.AthenaError != nil {
		again = e.Status.AthenaError.Retryable
		if reason == "" {
			reason = aws.ToString(e.Status.AthenaError.ErrorMessage)
		}
	}
	return again, true, &FailedError{id, string(state), strings.TrimSpace(reason)}
}

// Spent is what the queries of a run cost, as far as this process waited for
// them. It is an event.
type Spent struct {
	Scanned int64   `json:"scanned_bytes"` // by what is billed
	Dollars float64 `json:"dollars"`       // without transfer between regions
}

// EventName implements pair.Event.
func (Spent) EventName() string { return "athena_spent" }

func (q *Queries) tellSpent() {
	if q.Told != nil {
		q.Told(Spent{q.Scanned, cost.ScanPrice(q.Scanned)})
	}
}

// billed is what is paid of what a query read: statements that make or drop
// tables read nothing and are free.
func billed(read int64) int64 {
	if read == 0 {
		return 0
	}
	return max(read, cost.LeastScan)
}

// stopPatience is how long a run that ends waits for its query to be stopped.
const stopPatience = 10 * time.Second

// stop stops a query that nobody waits for any more, so that it costs no more.
func (q *Queries) stop(ctx context.Context, of Query, why error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
	defer cancel()
	if _, err := q.Client.StopQueryExecution(ctx, &athena.StopQueryExecutionInput{QueryExecutionId: &of.ID}, patient); err != nil {
		return errors.Join(why, fmt.Errorf("the query %s could not be stopped and goes on in Athena: %w", of.ID, err))
	}
	of.State = Stopped
	q.tell(of)
	return why
}

// resultsPage is how many rows a page of an answer has at most (Athena API
// Reference, GetQueryResults).
const resultsPage = 1000

func (q *Queries) results(ctx context.Context, id string, take func(row []*string) error) error {
	pages := athena.NewGetQueryResultsPaginator(q.Client, &athena.GetQueryResultsInput{QueryExecutionId: &id, MaxResults: aws.Int32(resultsPage)})
	for names := true; pages.HasMorePages(); {
		page, err := pages.NextPage(ctx, patient)
		if err != nil {
			return q.refused("read the answer of the query "+id, err)
		}
		if page.ResultSet == nil {
			continue
		}
		for _, r := range page.ResultSet.Rows {
			if names { // the first row of the first page
				names = false
				continue
			}
			row := make([]*string, len(r.Data))
			for i := range r.Data {
				row[i] = r.Data[i].VarCharValue
			}
			if err := take(row); err != nil {
				return err
			}
		}
	}
	return nil
}
