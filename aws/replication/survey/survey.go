// Package survey reads what is there: the buckets, rules and roles of a pair, and
// what these credentials may do. It changes nothing.
package survey

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/dustin/go-humanize/english"
	"github.com/sourcegraph/conc/pool"

	"bothways/aws/account"
	"bothways/aws/apierror"
	"bothways/aws/pair"
	"bothways/aws/upload"
)

// Survey is what is there now, read from AWS before anything is proposed.
type Survey struct {
	World      World
	Sides      map[pair.SideName]Side
	Directions map[pair.Direction]Direction
	// Keys are the KMS keys that the pair has to do with, by ARN.
	Keys map[string]Key
	At   time.Time // when it was read
}

// Side is what was found about one side's bucket.
type Side struct {
	Identity account.Identity
	// Exists says that the bucket is there and belongs to the identity's
	// account.
	Exists bool
	// Foreign says that the name is taken by another account.
	Foreign bool
	// RealRegion is where the bucket really lies, where that is known.
	RealRegion string
	// OwnMark is the value of the bucket's bothways:pair tag, or "".
	OwnMark    string
	Versioning types.BucketVersioningStatus // "" means never set
	MFADelete  bool
	// Replication is the bucket's configuration, or nil when it has none.
	Replication *types.ReplicationConfiguration
	// Unknown names XML elements of the configuration that the SDK does not
	// know and would drop: writing it again would lose them.
	Unknown    []string
	KMSDefault bool // new objects are encrypted with a KMS key by default
	// DefaultKey is that key as the bucket names it: an ARN, an ID or an
	// alias; "" is the account's aws/s3 key. BucketKey says that S3 Bucket
	// Keys are on, which changes the encryption context.
	DefaultKey string
	BucketKey  bool
	// Ownership says whether ACLs are off (BucketOwnerEnforced); "" is unknown.
	Ownership  types.ObjectOwnership
	ObjectLock bool
	// Retention says that the object lock gives new objects a retention, so
	// that they could not be cleaned up.
	Retention  bool
	PolicyDeny bool   // the bucket policy has a Deny
	Policy     string // the bucket policy as it stands, or ""
	// PolicyUnread says that the bucket policy could not be read, so it can't
	// be written either without losing it.
	PolicyUnread bool
	// Expires says that a lifecycle rule expires objects without one for
	// noncurrent versions.
	Expires bool
	// Lifecycle are the lifecycle rules.
	Lifecycle []types.LifecycleRule
	// Left counts the versions that lie where only bothways writes, LeftMore
	// says that there are more.
	Left     int
	LeftMore bool
	// LeftRuns are the runs whose keys those are, as far as keys tell.
	LeftRuns []string
	// Unread names what could not be read, with the reason.
	Unread []string
	// Refused names the rights that these credentials lack and without which
	// nothing can be planned: what they read is unknown.
	Refused []string
	// Refusals say why what could not be read was refused, by the right; the one
	// of s3:ListBucket why a bucket is out of reach.
	Refusals map[string]apierror.Refusal
	// Failed counts the reads that got no answer, or a fault of the service: they may
	// succeed when they are made again.
	Failed int
	// RegionStates says how this account stands to the regions of both sides,
	// in the words of account.RegionStates; nil is unknown.
	RegionStates map[string]string
	// Silent is why the bucket could not be asked for, or "": nothing is known of it.
	Silent string
	// RegionOff says that the account can't use this side's region, so that
	// nothing else could be read.
	RegionOff bool
	// RequesterPays says that whoever reads or writes here pays for it.
	RequesterPays bool
	// Rights is what IAM says of the rights of this side's credentials.
	Rights Rights
	// Carries are headers without which policies of these credentials refuse
	// uploads.
	Carries upload.Headers
}

// Direction is what was found about one direction's role.
type Direction struct {
	RoleExists  bool
	RoleARN     string
	RoleID      string // its unique ID, which conditions on aws:userid go by
	RoleTags    map[string]string
	RoleMark    string // the value of its bothways:pair tag, or ""
	Trust       string // its trust policy as it reads
	Boundary    string // the ARN of its permissions boundary, or ""
	PolicyThere bool
	Proven      string // what a canary proved, see proof
	// BoundaryMissing says that the permissions boundary that was asked for is
	// no policy; BoundaryUnread why that is not known, or "".
	BoundaryMissing bool
	BoundaryUnread  string
	Unread          []string
	OwnUnread       string // why our role can't be looked for, or ""
	// Refusal is why the role or its policy can't be read.
	Refusal apierror.Refusal
	// PolicyUnread is why our role's policy can't be read, or "".
	PolicyUnread string
	Policy       string        // our inline policy of the role as it reads, or ""
	Age          time.Duration // of our role, by AWS's own clock
	Created      time.Time     // when our role was made
	// Others is the role that the side's configuration names now, or that the
	// options name, where it is not ours; nil where there is none.
	Others *Role
	// Orphan is a role of others that nothing leads to any more and that still
	// carries our policy; nil where none was found. Unsearched says why not
	// all roles were searched for it, or "".
	Orphan     *Role
	Unsearched string
	// Unlisted says why a role of ours under a name that nothing leads to was
	// not searched for, or "".
	Unlisted string
	// Lacks is what the role that the options name lacks: it is used as it
	// is, so nothing will put it right.
	Lacks []Finding
}

// Role is what was found about a role that others made.
type Role struct {
	ARN, Name string
	ID        string    // its unique ID, or "" where it could not be read
	Created   time.Time // when it was made; zero where that could not be read
	Bounded   bool      // a permissions boundary limits it
	Tags      map[string]string
	Exists    bool
	// Trusted says that its trust policy lets S3 take it.
	Trusted bool
	// PolicyThere says that it has the inline policy that bothways adds to it
	// where it was agreed to.
	PolicyThere bool
	Policy      string // that policy as it reads, without what it notes of a proof, or ""
	Proven      string // what a canary proved, as that policy notes it, or ""
}

// Read reads what is there, both sides and both directions side by side. It
// changes nothing. Its error means that nothing useful could be read; what
// merely lies in the way becomes findings.
func Read(ctx context.Context, w World) (*Survey, error) {
	if err := w.Pair.Check(); err != nil {
		return nil, err
	}
	sides := make([]Side, 2)
	directions := make([]Direction, 2)
	// A panic of one of these reaches the caller, which can put things in
	// order; errgroup's would end the program where it stands.
	group := pool.New().WithContext(ctx).WithCancelOnError().WithFirstError()
	for i, name := range pair.Sides() {
		group.Go(func(ctx context.Context) (err error) {
			sides[i], err = lookAtSide(ctx, w, name)
			if err != nil {
				return sideError(name, w.Pair.Side(name), err)
			}
			return nil
		})
	}
	for i, d := range pair.Directions() {
		group.Go(func(ctx context.Context) (err error) {
			directions[i], err = LookAtDirection(ctx, w, d, w.Pair.RoleName(d))
			if unknownKeys(err) || w.tolerates(ctx, err) {
				return nil // the side's own survey meets the same, and says whether it is the region
			}
			if err != nil {
				return fmt.Errorf("survey the role %s: %w", d.Arrow(), err)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	s := &Survey{
		World:      w,
		At:         time.Now(),
		Sides:      map[pair.SideName]Side{pair.A: sides[0], pair.B: sides[1]},
		Directions: map[pair.Direction]Direction{pair.AtoB: directions[0], pair.BtoA: directions[1]},
	}
	if err := s.lookAtNamedRoles(ctx); err != nil && !w.tolerates(ctx, err) {
		return nil, err
	}
	if err := s.lookAtOthersRoles(ctx); err != nil && !w.tolerates(ctx, err) {
		return nil, err
	}
	if err := s.lookForOrphans(ctx); err != nil && !w.tolerates(ctx, err) {
		return nil, err
	}
	if err := s.lookAtBoundaries(ctx); err != nil {
		return nil, err
	}
	return s, s.lookAtKeys(ctx)
}

// tolerates says whether a read may fail so without ending all.
func (w World) tolerates(ctx context.Context, err error) bool {
	return w.Lenient && err != nil && ctx.Err() == nil && !apierror.Expired(err) && !apierror.ClockWrong(err)
}

// OwnRules splits a side's rules into this pair's and all others.
func (s *Survey) OwnRules(d pair.Direction) (own, others []types.ReplicationRule) {
	configuration := s.Sides[d.From()].Replication
	if configuration == nil {
		return nil, nil
	}
	for _, r := range configuration.Rules {
		if r.ID != nil && *r.ID == s.World.Pair.RuleID(d) {
			own = append(own, r)
		} else {
			others = append(others, r)
		}
	}
	return own, others
}

// World is what the engines act on: the pair, and the clients that reach its
// sides.
type World struct {
	Pair pair.Pair
	A, B *account.Clients
	// Consent is what this run agreed to.
	Consent pair.Consent
	// Lenient keeps what fails to be read as unread, whatever the reason: for
	// those who only look, and miss less without it than without all the rest.
	Lenient bool
	// RunID goes into the keys of canaries, so that no key is used twice.
	RunID string
	// RolePrefix is what the names of the roles began with in an earlier run,
	// as far as this computer knows.
	RolePrefix string
}

// Clients are those that reach a side.
func (w World) Clients(side pair.SideName) *account.Clients {
	if side == pair.A {
		return w.A
	}
	return w.B
}

// Accounts are those of the sides.
func (s *Survey) Accounts() map[pair.SideName]string {
	return map[pair.SideName]string{pair.A: s.Sides[pair.A].Identity.Account, pair.B: s.Sides[pair.B].Identity.Account}
}

// Reachable says whether the side's bucket is there, where it should be.
func (s *Survey) Reachable(name pair.SideName) bool {
	found := s.Sides[name]
	return found.Exists && found.RealRegion == s.World.Pair.Side(name).Region
}

// MadeBucket says whether a side's bucket is there and carries the pair's mark.
func (s *Survey) MadeBucket(name pair.SideName) bool {
	return s.Reachable(name) && s.Sides[name].OwnMark == s.World.Pair.ID()
}

// FirstVersioning says whether a side's bucket never had versioning.
func (s *Survey) FirstVersioning() bool {
	for _, side := range s.Sides {
		if side.Versioning == "" {
			return true
		}
	}
	return false
}

// LeftWords say what lies where only bothways writes, and whose that may be; the
// title is "" where nothing does.
func (s Side) LeftWords(prefix string) (title, meaning, todo string) {
	if s.Left == 0 {
		return "", "", ""
	}
	title = english.Plural(s.Left, "version lies", "versions lie")
	if s.LeftMore {
		title = "at least " + title
	}
	return title + " under " + prefix + ", where canaries and probe objects go",
		"A run that goes on has them there, one that was cut short left them, or they are somebody else's.",
		"bothways clean removes those that carry this pair's mark, and nothing else."
}

// RuleNames are the IDs of the first few rules.
func RuleNames(rules []types.ReplicationRule) string {
	names := make([]string, 0, len(rules))
	for _, r := range rules {
		names = append(names, aws.ToString(r.ID))
	}
	return Named(names)
}

// Named lists names, the first few of many.
func Named(names []string) string {
	if more := len(names) - MostNamed; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:MostNamed], ", "), more)
	}
	return strings.Join(names, ", ")
}

// TwoAccounts says whether the sides belong to two accounts.
func (s *Survey) TwoAccounts() bool {
	return s.Sides[pair.A].Identity.Account != s.Sides[pair.B].Identity.Account
}

// sideError is an error of a side, with what may be wrong with the side's region.
func sideError(name pair.SideName, side pair.Side, err error) error {
	if unknown := account.UnknownRegion(side.Region); unknown != "" {
		return fmt.Errorf("survey side %s (%s; %s): %w", name, side, unknown, err)
	}
	return fmt.Errorf("survey side %s (%s): %w", name, side, err)
}
