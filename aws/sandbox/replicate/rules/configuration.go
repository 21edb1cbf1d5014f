// Package rules reads, checks and applies S3 replication configurations
// (S3 User Guide, Replication configuration file elements).
package rules

import (
	"net/http"
	"slices"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/xmltree"
)

// Configuration is a replication configuration that passed Parse.
type Configuration struct {
	Role  string
	Rules []Rule
	tree  *xmltree.Node
}

// Rule is one replication rule.
type Rule struct {
	ID       string
	Enabled  bool
	Priority int
	Prefix   string
	Tags     map[string]string
	// DeleteMarkers is true for all rules of the first schema.
	DeleteMarkers        bool
	ReplicaModifications bool
	KMS                  bool // objects under SSE-KMS are opted in
	Destination          Destination
}

// Destination is where a rule replicates to.
type Destination struct {
	Bucket       string // the name
	Partition    string // of the ARN
	Account      string // "" if not said
	StorageClass string // "" keeps that of the origin
	ReplicaKey   string // the KMS key of replicas, "" if none
	// OwnerOverride makes the owner of the destination that of the replicas.
	OwnerOverride bool
	// Metrics and TimeControl are what the rule says of them: metrics let
	// failures be reported as events, time control its threshold too.
	Metrics, TimeControl bool
}

// Document returns what GetBucketReplication answers.
func (c *Configuration) Document() []byte { return c.tree.Document() }

// Match returns the rules that a new version of key is replicated by: for
// each destination the enabled rule of highest priority whose filter fits. A
// delete marker has no tags, so that only rules without tag filters fit, and
// that rule must replicate markers.
func (c *Configuration) Match(key string, tags map[string]string, marker bool) []*Rule {
	var chosen []*Rule
	for at := range c.Rules {
		rule := &c.Rules[at]
		if !rule.Enabled || !rule.fits(key, tags) {
			continue
		}
		i := slices.IndexFunc(chosen, func(r *Rule) bool {
			return r.Destination.Bucket == rule.Destination.Bucket
		})
		switch {
		case i < 0:
			chosen = append(chosen, rule)
		case rule.Priority > chosen[i].Priority:
			chosen[i] = rule
		}
	}
	if marker {
		chosen = slices.DeleteFunc(chosen, func(r *Rule) bool { return !r.DeleteMarkers })
	}
	return chosen
}

// Rule returns the rule of that id, or nil.
func (c *Configuration) Rule(id string) *Rule {
	for i := range c.Rules {
		if c.Rules[i].ID == id {
			return &c.Rules[i]
		}
	}
	return nil
}

// Carries says whether an enabled rule replicates the key to the bucket,
// whatever tags it asks for: tags decide when a version is written, not when
// its metadata is changed later.
func (c *Configuration) Carries(key, bucket string) bool {
	return slices.ContainsFunc(c.Rules, func(r Rule) bool {
		return r.Enabled && r.Destination.Bucket == bucket && strings.HasPrefix(key, r.Prefix)
	})
}

func (r *Rule) fits(key string, tags map[string]string) bool {
	if !strings.HasPrefix(key, r.Prefix) {
		return false
	}
	for name, value := range r.Tags {
		if got, found := tags[name]; !found || got != value {
			return false
		}
	}
	return true
}

func invalidRequest(message string) error {
	return refusal.New(http.StatusBadRequest, "InvalidRequest", message)
}

func invalidArgument(message string) error {
	return refusal.New(http.StatusBadRequest, "InvalidArgument", message)
}

// errMalformed is S3's answer to whatever its schema does not know.
var errMalformed error = refusal.New(http.StatusBadRequest, "MalformedXML",
	"The XML you provided was not well-formed or did not validate against our published schema")

// Disabling returns the configuration as it would be with the rules disabled
// that pick says.
func (c *Configuration) Disabling(pick func(*Rule) bool) *Configuration {
	other := &Configuration{Role: c.Role, Rules: slices.Clone(c.Rules), tree: c.tree.Clone()}
	for i, n := range other.tree.All("Rule") {
		if status := n.Child("Status"); status != nil && pick(&other.Rules[i]) {
			other.Rules[i].Enabled, status.Text = false, "Disabled"
		}
	}
	return other
}
