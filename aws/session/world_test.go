package session_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/credentials"

	"bothways/aws/account"
	"bothways/aws/pair"
	"bothways/aws/replication/plan"
	"bothways/aws/replication/survey"
	"bothways/aws/sandbox"
	"bothways/aws/session"
	"bothways/probe"
	"bothways/probe/polling"
)

var testPair = pair.Pair{
	A:       pair.Side{Region: "eu-west-1", Bucket: "bothways-session-one"},
	B:       pair.Side{Region: "ap-southeast-1", Bucket: "bothways-session-two"},
	Options: pair.DefaultOptions(),
}

// world is a sandbox in this process that stands for AWS, and the folder in
// which this computer keeps its journals, in virtual time.
type world struct {
	*testing.T
	access account.Access
	home   string
	before func(*http.Request) // called before every request, or nil
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return worldOf(t, sandbox.Options{Seed: 7})
}

// nearWorld has no distances: locks that are held over a request keep virtual
// time from passing.
func nearWorld(t *testing.T) *world {
	t.Helper()
	return worldOf(t, sandbox.Options{Seed: 7, NoDistance: true})
}

func worldOf(t *testing.T, options sandbox.Options) *world {
	t.Helper()
	options.Dir = t.TempDir()
	box, err := sandbox.New(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := box.Close(); err != nil {
			t.Error(err)
		}
	})
	key, secret := box.Credentials()
	w := &world{T: t, home: t.TempDir()}
	w.access = account.Access{
		Endpoint:    "http://sandbox.invalid",
		HTTPClient:  &http.Client{Transport: wire{w, box.Transport()}},
		Credentials: credentials.NewStaticCredentialsProvider(key, secret, ""),
	}
	return w
}

// wire is the way to the sandbox.
type wire struct {
	world *world
	next  http.RoundTripper
}

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.world.before != nil {
		w.world.before(r)
	}
	return w.next.RoundTrip(r)
}

func (w *world) runs() string { return filepath.Join(w.home, "runs") }

// process is a session as another process of this computer has it.
func (w *world) process() *session.Session { return session.New("test", w.runs()) }

// journals are the texts of the journals, the oldest first.
func (w *world) journals() []string {
	w.Helper()
	paths, err := filepath.Glob(filepath.Join(w.runs(), "*.ndjson"))
	if err != nil {
		w.Fatal(err)
	}
	texts := make([]string, len(paths))
	for i, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			w.Fatal(err)
		}
		texts[i] = string(text)
	}
	return texts
}

// journal is the text of a face's run.
func (w *world) journal(f *face) string {
	w.Helper()
	text, err := os.ReadFile(f.recording().Path)
	if err != nil {
		w.Fatal(err)
	}
	return string(text)
}

func (w *world) survey(s *session.Session) session.Plans {
	w.Helper()
	plans, err := s.Survey(w.Context(), w.access, testPair, 0)
	if err != nil {
		w.Fatal(err)
	}
	return plans
}

// setUp makes the pair.
func (w *world) setUp(s *session.Session) {
	w.Helper()
	if err := s.Apply(w.Context(), w.access, w.survey(s).SetUp, (&face{}).emit); err != nil {
		w.Fatal(err)
	}
}

// probing is a small measurement, ready to run.
func (w *world) probing(s *session.Session, change func(*session.Measurement)) *session.Probing {
	w.Helper()
	asked := session.Measurement{Config: probe.Config{
		RunID: "check", Pair: testPair, Sizes: []int64{1024, 4096}, Rounds: 2, Every: 5 * time.Second, Limit: time.Minute, Pace: polling.Normal, Seed: 1,
	}}
	if change != nil {
		change(&asked)
	}
	p, err := s.Probe(w.Context(), w.access, asked)
	if err != nil {
		w.Fatal(err)
	}
	return p
}

// face keeps what it is shown.
type face struct {
	on func(pair.Event) // called with each event first, or nil

	mu  sync.Mutex
	all []pair.Event
}

func (f *face) emit(e pair.Event) {
	f.mu.Lock()
	f.all = append(f.all, e)
	f.mu.Unlock()
	if f.on != nil {
		f.on(e)
	}
}

// named are the events of a name.
func (f *face) named(name string) []pair.Event {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.all), func(e pair.Event) bool { return e.EventName() != name })
}

// recording is the last of those that came.
func (f *face) recording() session.Recording {
	all := f.named(session.Recording{}.EventName())
	if len(all) == 0 {
		return session.Recording{}
	}
	return all[len(all)-1].(session.Recording)
}

// nothing holds a refusal to leaving nothing behind.
func (w *world) nothing(f *face, journalsBefore int) {
	w.Helper()
	if len(f.all) > 0 {
		w.Errorf("the face was shown %v", f.all)
	}
	if all := w.journals(); len(all) != journalsBefore {
		w.Errorf("%d journals, want the %d of before:\n%s", len(all), journalsBefore, strings.Join(all, "\n"))
	}
}

func undisturbed(plan plan.Plan) bool {
	return !slices.ContainsFunc(plan.Findings, func(f survey.Finding) bool { return strings.Contains(f.Title, "this computer") })
}
