// Package athenatest stands in for Amazon Athena in tests.
package athenatest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/athena"
)

// StandIn is an Athena that answers as its API reference says: statements are
// started once a token, wait in a queue, run, and end; answers come in pages,
// the names in the first row.
type StandIn struct {
	// run executes a statement and returns its rows, the names first. An error
	// fails the query.
	run func(statement string) ([][]*string, error)

	mu         sync.Mutex
	Executions map[string]*Execution // by id
	Started    []map[string]any      // the requests
	Stopped    []string              // ids
	Page       int                   // rows a page
	Polls      int                   // how often a query is asked for before it has ended
	Scanned    int64                 // bytes, by each query
	// Group is what GetWorkGroup answers, by its fields' names in the API; nil:
	// one that is enabled and has a place for answers.
	Group map[string]any
	// Fail, if set, refuses the next request where it returns a status.
	Fail func(operation string) (status int, code string)
	Says string // the message with it
	// Ended, if set, may change how a query ends.
	Ended func(*Execution)

	tokens map[string]string // ids by token
}

// Execution is one that was started.
type Execution struct {
	ID, Statement string
	Polls         int
	State, Reason string
	Retryable     bool
	Rows          [][]*string
}

// New makes one whose statements run executes.
func New(run func(statement string) ([][]*string, error)) *StandIn {
	return &StandIn{run: run, Executions: map[string]*Execution{}, tokens: map[string]string{}, Page: 3, Polls: 1, Scanned: 1 << 20}
}

// Client reaches the stand-in at an address of loopback.
func (s *StandIn) Client(t *testing.T) *athena.Client {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return athena.New(athena.Options{
		Region: "eu-west-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	})
}

// InProcess reaches the stand-in without a connection, for virtual time.
func (s *StandIn) InProcess() *athena.Client {
	return athena.New(athena.Options{
		Region: "eu-west-1", BaseEndpoint: aws.String("http://athena.invalid"), HTTPClient: &http.Client{Transport: inProcess{s}},
		Credentials: credentials.NewStaticCredentialsProvider("key", "secret", ""),
	})
}

// Reset forgets all executions.
func (s *StandIn) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Executions, s.tokens, s.Started, s.Stopped, s.Fail = map[string]*Execution{}, map[string]string{}, nil, nil, nil
}

// Going are the executions that go on, by their IDs.
func (s *StandIn) Going() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var ids []string
	for id, e := range s.Executions {
		if e.State == "QUEUED" || e.State == "RUNNING" {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// Tables are those that were made and are there, and those that were dropped.
func (s *StandIn) Tables() (there, dropped []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(s.Executions)) { // in the order of their start
		e := s.Executions[id]
		words := strings.Fields(e.Statement)
		switch {
		case e.State != "SUCCEEDED":
		case words[0] == "CREATE" && !slices.Contains(there, words[6]):
			there = append(there, words[6])
		case words[0] == "DROP":
			there = slices.DeleteFunc(there, func(t string) bool { return t == words[4] })
			dropped = append(dropped, words[4])
		}
	}
	return there, dropped
}

// Transport hands requests for Athena to the stand-in, and all others on.
func (s *StandIn) Transport(others http.RoundTripper) http.RoundTripper { return routed{s, others} }

type routed struct {
	athena *StandIn
	others http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (r routed) RoundTrip(request *http.Request) (*http.Response, error) {
	if strings.HasPrefix(request.Header.Get("X-Amz-Target"), "AmazonAthena.") {
		return inProcess{r.athena}.RoundTrip(request)
	}
	return r.others.RoundTrip(request)
}

type inProcess struct{ *StandIn }

// RoundTrip implements http.RoundTripper.
func (s inProcess) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	answer := w.Result()
	answer.Request = r
	return answer, nil
}

// ServeHTTP implements http.Handler (JSON 1.1, the operation in X-Amz-Target).
func (s *StandIn) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	var in map[string]any
	_ = json.NewDecoder(r.Body).Decode(&in)
	if s.Fail != nil {
		if status, code := s.Fail(operation); status != 0 {
			refuse(w, status, code, cmp.Or(s.Says, "told to"))
			return
		}
	}
	text := func(name string) string { value, _ := in[name].(string); return value }
	if operation == "GetWorkGroup" {
		group := s.Group
		if group == nil {
			group = Workgroup("s3://answers/")
		}
		answer(w, map[string]any{"WorkGroup": group})
		return
	}
	e := s.Executions[text("QueryExecutionId")]
	if operation != "StartQueryExecution" && e == nil {
		refuse(w, http.StatusBadRequest, "InvalidRequestException", "QueryExecution "+text("QueryExecutionId")+" was not found")
		return
	}
	switch operation {
	case "StartQueryExecution":
		s.start(w, in, text("ClientRequestToken"), text("QueryString"))
	case "GetQueryExecution":
		s.poll(e)
		status := map[string]any{"State": e.State, "StateChangeReason": e.Reason}
		if e.State == "FAILED" {
			status["AthenaError"] = map[string]any{"ErrorCategory": 1, "ErrorType": 1, "Retryable": e.Retryable, "ErrorMessage": e.Reason}
		}
		answer(w, map[string]any{"QueryExecution": map[string]any{
			"QueryExecutionId": e.ID, "Query": e.Statement, "Status": status, "Statistics": map[string]any{"DataScannedInBytes": s.Scanned},
		}})
	case "StopQueryExecution":
		s.Stopped = append(s.Stopped, e.ID)
		e.State = "CANCELLED"
		answer(w, map[string]any{})
	case "GetQueryResults":
		s.results(w, e, text("NextToken"))
	default:
		refuse(w, http.StatusBadRequest, "UnknownOperationException", operation)
	}
}

func (s *StandIn) start(w http.ResponseWriter, in map[string]any, token, statement string) {
	switch {
	case len(token) < 32 || len(token) > 128:
		refuse(w, http.StatusBadRequest, "InvalidRequestException", "a token has 32 to 128 characters")
		return
	case len(statement) > 262144:
		refuse(w, http.StatusBadRequest, "InvalidRequestException", "a statement has at most 262144 bytes")
		return
	}
	s.Started = append(s.Started, in)
	id, again := s.tokens[token]
	if again && s.Executions[id].Statement != statement {
		refuse(w, http.StatusBadRequest, "InvalidRequestException", "Idempotent parameters do not match")
		return
	}
	if !again {
		id = fmt.Sprintf("00000000-0000-4000-8000-%012d", len(s.Executions)+1)
		s.tokens[token], s.Executions[id] = id, &Execution{ID: id, Statement: statement, State: "QUEUED"}
	}
	answer(w, map[string]any{"QueryExecutionId": id})
}

func (s *StandIn) poll(e *Execution) {
	if e.State != "QUEUED" && e.State != "RUNNING" {
		return
	}
	e.State = "RUNNING"
	if e.Polls++; e.Polls <= s.Polls {
		return
	}
	rows, err := s.run(e.Statement)
	e.Rows, e.State = rows, "SUCCEEDED"
	if err != nil {
		e.State, e.Reason = "FAILED", err.Error()
	}
	if s.Ended != nil {
		s.Ended(e)
	}
}

func (s *StandIn) results(w http.ResponseWriter, e *Execution, token string) {
	if e.State != "SUCCEEDED" {
		refuse(w, http.StatusBadRequest, "InvalidRequestException", "Query has not yet finished. Current state: "+e.State)
		return
	}
	from := 0
	if token != "" {
		_, _ = fmt.Sscan(token, &from)
	}
	to := min(from+s.Page, len(e.Rows))
	rows := []any{}
	for _, row := range e.Rows[from:to] {
		data := []any{}
		for _, field := range row {
			datum := map[string]any{} // without a value: NULL
			if field != nil {
				datum["VarCharValue"] = *field
			}
			data = append(data, datum)
		}
		rows = append(rows, map[string]any{"Data": data})
	}
	out := map[string]any{"ResultSet": map[string]any{"Rows": rows}}
	if to < len(e.Rows) {
		out["NextToken"] = fmt.Sprint(to)
	}
	answer(w, out)
}

// Workgroup is one that is enabled, as GetWorkGroup answers, with a place for
// answers or without.
func Workgroup(output string) map[string]any {
	return map[string]any{"Name": "w", "State": "ENABLED", "Configuration": map[string]any{
		"ResultConfiguration": map[string]any{"OutputLocation": output},
		"EngineVersion":       map[string]any{"EffectiveEngineVersion": "Athena engine version 3"},
	}}
}

func answer(w http.ResponseWriter, out any) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	_ = json.NewEncoder(w).Encode(out)
}

func refuse(w http.ResponseWriter, status int, code, message string) {
	w.Header().Set("Content-Type", "application/x-amz-json-1.1")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"__type": code, "Message": message})
}

// Rows are rows as Athena has them, the names first.
func Rows(names []string, rows ...[]string) [][]*string {
	all := make([][]*string, 0, 1+len(rows))
	for _, row := range append([][]string{names}, rows...) {
		var fields []*string
		for _, f := range row {
			if f == Null {
				fields = append(fields, nil)
				continue
			}
			fields = append(fields, aws.String(f))
		}
		all = append(all, fields)
	}
	return all
}

// Null stands for NULL in the rows of Rows.
const Null = "NULL"
