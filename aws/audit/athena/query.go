package athena

import (
	"cmp"
	"context"
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
)

// FailedError says that a query came to no answer.
type FailedError struct {
	ID     string // of the execution
	State  string // FAILED or CANCELLED
	Reason string // in Athena's words
}

func (e *FailedError) Error() string {
	if e.State == string(types.QueryExecutionStateCancelled) {
		return fmt.Sprintf("the query %s was cancelled in Athena: %s", e.ID, e.Reason)
	}
	return fmt.Sprintf("the query %s failed in Athena: %s", e.ID, e.Reason)
}

// Queries asks Athena.
type Queries struct {
	Client *athena.Client
	// Workgroup is where queries run; it may have an output location of its own,
	// which it then keeps to.
	Workgroup string
	// Output is where answers go, as s3://BUCKET/PREFIX/; "": as the workgroup says.
	Output   string
	Database string // "" is default
	// RunID tells the queries of a run from those of others: the same statement
	// of the same run is asked once, however often it is started.
	RunID string
	// Pause is how long a query is left alone at first before it is asked for
	// again; 0: a second.
	Pause time.Duration
	// Scanned is how many bytes were read so far, by what is billed.
	Scanned int64
}

// Prices of Athena (aws.amazon.com/athena/pricing, read in 2026): by what a
// query reads, with a least amount for each.
const (
	DollarsPerTB = 5.0
	LeastScanned = 10 << 20
	PricesAsOf   = "2026"
)

// Dollars is what reading so many bytes costs. TB are powers of two there.
func Dollars(bytes int64) float64 { return float64(bytes) / (1 << 40) * DollarsPerTB }

// mostTries is how often a query that Athena calls worth it is tried.
const mostTries = 3

// Run asks one statement, and has take read its answer row by row, without the
// row of names. A nil field is NULL.
func (q *Queries) Run(ctx context.Context, statement string, take func(row []*string) error) error {
	for try := 1; ; try++ {
		id, err := q.start(ctx, statement, try)
		if err != nil {
			return err
		}
		again, err := q.wait(ctx, id)
		switch {
		case err == nil:
			return q.results(ctx, id, take)
		case !again || try == mostTries:
			return err
		}
	}
}

// patient lets the SDK try longer where Athena is asked too much at once.
func patient(o *athena.Options) {
	o.Retryer = retry.AddWithMaxAttempts(o.Retryer, 8)
}

func (q *Queries) start(ctx context.Context, statement string, try int) (string, error) {
	sum := sha256.Sum256([]byte(fmt.Sprintf("%s\x00%d\x00%s\x00%s\x00%s", q.RunID, try, q.Workgroup, q.Database, statement)))
	in := &athena.StartQueryExecutionInput{
		QueryString: &statement, WorkGroup: aws.String(q.Workgroup), ClientRequestToken: aws.String(hex.EncodeToString(sum[:])),
	}
	if q.Database != "" {
		in.QueryExecutionContext = &types.QueryExecutionContext{Database: &q.Database}
	}
	if q.Output != "" {
		in.ResultConfiguration = &types.ResultConfiguration{OutputLocation: &q.Output}
	}
	out, err := q.Client.StartQueryExecution(ctx, in, patient)
	if err != nil {
		return "", fmt.Errorf("start a query in the workgroup %s: %w", q.Workgroup, err)
	}
	return aws.ToString(out.QueryExecutionId), nil
}

// How often Athena is asked how far a query is.
const (
	firstPoll = time.Second
	lastPoll  = 15 * time.Second
)

// wait waits for a query's end, and stops it where the context ends first.
func (q *Queries) wait(ctx context.Context, id string) (again bool, err error) {
	pause := cmp.Or(q.Pause, firstPoll)
	for {
		out, err := q.Client.GetQueryExecution(ctx, &athena.GetQueryExecutionInput{QueryExecutionId: &id}, patient)
		if err != nil {
			return false, q.stop(ctx, id, fmt.Errorf("ask for the query %s: %w", id, err))
		}
		if out.QueryExecution != nil && out.QueryExecution.Status != nil {
			again, done, err := q.ended(id, out.QueryExecution)
			if done {
				return again, err
			}
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return false, q.stop(ctx, id, ctx.Err())
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

// billed is what is paid of what a query read: statements that make or drop
// tables read nothing and are free.
func billed(read int64) int64 {
	if read == 0 {
		return 0
	}
	return max(read, LeastScanned)
}

// stopPatience is how long a run that ends waits for its query to be stopped.
const stopPatience = 10 * time.Second

// stop stops a query that nobody waits for any more, so that it costs no more.
func (q *Queries) stop(ctx context.Context, id string, why error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
	defer cancel()
	if _, err := q.Client.StopQueryExecution(ctx, &athena.StopQueryExecutionInput{QueryExecutionId: &id}, patient); err != nil {
		return errors.Join(why, fmt.Errorf("the query %s could not be stopped and goes on in Athena: %w", id, err))
	}
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
			return fmt.Errorf("read the answer of the query %s: %w", id, err)
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
