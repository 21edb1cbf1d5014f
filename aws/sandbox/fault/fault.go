// Package fault is what goes wrong on purpose: a script of faults that hit
// requests or hold replication back, for a while or for a number of requests.
package fault

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Kind is what goes wrong.
type Kind string

// The kinds that hit requests.
const (
	// Refuse closes the connection before anything is read, as a server that
	// is not there does.
	Refuse Kind = "refuse"
	// Reset cuts the connection after the request was read.
	Reset Kind = "reset"
	// Hang keeps the client waiting until it gives up, or for Delay and then
	// cuts the connection.
	Hang Kind = "hang"
	// Delay answers later by Delay.
	Delay Kind = "delay"
	// SlowDown asks for a lower rate of requests.
	SlowDown Kind = "slowdown"
	// Broken answers with Status, Code and Message; what is not said of a known
	// code is as AWS has it, and without any it is 500 InternalError.
	Broken Kind = "error"
	// Skew lets the server's clock be ahead by Offset, or behind if negative.
	Skew Kind = "skew"
	// Expired says that the caller's token has expired.
	Expired Kind = "expired"
)

// The kinds that hold replication back; what waits stays PENDING and arrives
// afterwards.
const (
	// Outage cuts Region off; requests to it are answered with 503 as well.
	Outage Kind = "outage"
	// Cut stops the direction From, To.
	Cut Kind = "cut"
	// Pause stops what Bucket replicates, to the regions or buckets named, as
	// AWS Fault Injection Service does.
	Pause Kind = "pause"
	// Slow multiplies replication delays by Factor.
	Slow Kind = "slow"
)

// Span is a length of time, in JSON a string such as "1m30s".
type Span time.Duration

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *Span) UnmarshalText(text []byte) error {
	d, err := time.ParseDuration(string(text))
	if err != nil {
		return fmt.Errorf("%q is not a duration such as 1m30s", text)
	}
	*s = Span(d)
	return nil
}

// MarshalText implements encoding.TextMarshaler.
func (s Span) MarshalText() ([]byte, error) { return []byte(time.Duration(s).String()), nil }

// Fault is one thing that goes wrong. What is not set does not narrow it.
type Fault struct {
	Kind Kind `json:"fault"`

	// At is when it begins, counted from when the fault was given to the
	// sandbox; For is how long it lasts, 0 for good.
	At  Span `json:"at,omitempty"`
	For Span `json:"for,omitempty"`

	// Region is that of the request; for Outage, the region that is cut off.
	Region string `json:"region,omitempty"`
	// Service is one of the sandbox's, as credential scopes name it.
	Service string `json:"service,omitempty"`
	// Operation is that of the API, for example HeadObject.
	Operation string `json:"operation,omitempty"`
	// Bucket and Prefix (of the key) are those of the request, or of the
	// origin of a replication.
	Bucket string `json:"bucket,omitempty"`
	Prefix string `json:"prefix,omitempty"`
	// Requests ends the fault after so many; 0 is no limit.
	Requests int `json:"requests,omitempty"`
	// Share is the part of what fits that is hit, above 0 to 1. 0 means all,
	// and can't be written in a file.
	Share float64 `json:"share,omitempty"`

	Delay   Span   `json:"delay,omitempty"`
	Offset  Span   `json:"offset,omitempty"`
	Status  int    `json:"status,omitempty"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`

	// From and To are regions of replication.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	// Destinations are buckets that are replicated to, for Pause.
	Destinations []string `json:"destinations,omitempty"`
	Factor       float64  `json:"factor,omitempty"`
}

// hitsRequests says of which of the two groups a kind is.
func (k Kind) hitsRequests() bool {
	switch k {
	case Refuse, Reset, Hang, Delay, SlowDown, Broken, Skew, Expired:
		return true
	case Outage, Cut, Pause, Slow:
	}
	return false
}

// HitsRequests says whether the fault hits requests; if not, it holds
// replication back.
func (f *Fault) HitsRequests() bool { return f.Kind.hitsRequests() }

// fields are the names that each kind takes besides fault, at and for.
var fields = map[Kind]string{
	Refuse: " region service operation bucket prefix requests share ", Reset: " region service operation bucket prefix requests share ",
	SlowDown: " region service operation bucket prefix requests share ", Expired: " region service operation bucket prefix requests share ",
	Hang:   " region service operation bucket prefix requests share delay ",
	Delay:  " region service operation bucket prefix requests share delay ",
	Skew:   " region service operation bucket prefix requests share offset ",
	Broken: " region service operation bucket prefix requests share status code message ",
	Outage: " region ", Cut: " from to ", Pause: " bucket to destinations prefix ", Slow: " from to factor share ",
}

// Vocabulary is what some words of a fault can be.
type Vocabulary struct {
	Region   func(name string) bool
	Services []string
	// Operation says whether a service, any if "", has an operation.
	Operation func(service, name string) bool
}

var codeForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z][A-Za-z0-9.]*$`) })

// Check says what is wrong with a fault, in words for whoever wrote it.
func (f *Fault) Check(known Vocabulary) error {
	allowed, found := fields[f.Kind]
	if !found {
		return fmt.Errorf("fault %q: the kinds are refuse, reset, hang, delay, slowdown, error, skew, expired, outage, cut, pause and slow", f.Kind)
	}
	if err := f.checkFields(allowed); err != nil {
		return err
	}
	for _, region := range []string{f.Region, f.From, f.To} {
		if region != "" && !known.Region(region) {
			return fmt.Errorf("fault %s: there is no region %q", f.Kind, region)
		}
	}
	switch {
	case f.Service != "" && !slices.Contains(known.Services, f.Service):
		return fmt.Errorf("fault %s: there is no service %q; there are %s", f.Kind, f.Service, strings.Join(known.Services, ", "))
	case f.Operation != "" && !known.Operation(f.Service, f.Operation):
		return fmt.Errorf("fault %s: there is no operation %q; it wants one of the API, such as HeadObject or CreateRole", f.Kind, f.Operation)
	case f.Code != "" && !codeForm().MatchString(f.Code):
		return fmt.Errorf("fault %s: %q can't be an error code", f.Kind, f.Code)
	case f.At < 0 || f.For < 0 || f.Delay < 0:
		return fmt.Errorf("fault %s: at, for and delay can't be negative", f.Kind)
	case f.Requests < 0:
		return fmt.Errorf("fault %s: %d requests are not possible", f.Kind, f.Requests)
	case f.Share < 0 || f.Share > 1:
		return fmt.Errorf("fault %s: the share %v is not above 0, to 1", f.Kind, f.Share)
	case f.Kind == Delay && f.Delay == 0:
		return fmt.Errorf("fault %s: it wants a delay, such as \"2s\"", f.Kind)
	case f.Kind == Skew && f.Offset == 0:
		return fmt.Errorf("fault %s: it wants an offset, such as \"20m\" or \"-1h\"", f.Kind)
	case f.Kind == Outage && f.Region == "":
		return fmt.Errorf("fault %s: it wants a region", f.Kind)
	case f.Kind == Cut && (f.From == "" || f.To == ""):
		return fmt.Errorf("fault %s: it wants from and to", f.Kind)
	case f.Kind == Pause && f.Bucket == "":
		return fmt.Errorf("fault %s: it wants the bucket that is replicated", f.Kind)
	case f.Kind == Slow && f.Factor <= 0:
		return fmt.Errorf("fault %s: it wants a factor above 0", f.Kind)
	case f.Status != 0 && (f.Status < 400 || f.Status > 599):
		return fmt.Errorf("fault %s: the status %d is not one of an error", f.Kind, f.Status)
	}
	return nil
}

// checkFields refuses what the kind would overlook.
func (f *Fault) checkFields(allowed string) error {
	doc, err := json.Marshal(f)
	if err != nil {
		return err
	}
	var given map[string]json.RawMessage
	if err := json.Unmarshal(doc, &given); err != nil {
		return err
	}
	for name := range given {
		if !strings.Contains(allowed+"fault at for ", " "+name+" ") {
			return fmt.Errorf("fault %s: it has no use for %s", f.Kind, name)
		}
	}
	return nil
}
