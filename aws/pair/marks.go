package pair

// What bothways makes is marked in AWS itself, so that it can be recognised,
// run again and taken down with every local file lost.
const (
	// TagKey marks roles, and buckets that bothways created. Its value is
	// the pair's ID.
	TagKey = "bothways:pair"
	// RolePath is the IAM path of every role that bothways makes, unless
	// another was asked for.
	RolePath = "/bothways/"
	// RulePrefix starts the ID of every replication rule that bothways makes.
	RulePrefix = "bothways-"
	// MetadataKey is the user metadata that every object of bothways carries
	// (x-amz-meta-bothways-pair). Its value is the pair's ID. Objects without
	// it are somebody else's, wherever they lie.
	MetadataKey = "bothways-pair"
	// ProvenTagKey is a role's tag that holds what its direction's canary
	// proved: a digest of the rule and the role, see package replication.
	ProvenTagKey = "bothways:proven"
	// objectRoom is the part of the key space that every pair writes into.
	objectRoom = "bothways/"
	canaryRoom = "canary/"
	probeRoom  = "probe/"
)

// RuleID names the rule of direction d: stable, unique within a bucket, and
// the same after A and B are swapped.
func (p Pair) RuleID(d Direction) string { return p.directionName(d) }

// PolicyName names the inline policy of a role that bothways makes.
func (p Pair) PolicyName() string { return "bothways-replication" }

// GuestPolicyName names the inline policy that bothways adds, where that was
// agreed to, to a role that others made: no other pair or direction has it.
func (p Pair) GuestPolicyName(d Direction) string { return p.directionName(d) }

// StatementID is the Sid of a statement that bothways adds to a bucket's
// policy, such as "Bothwaysabc123Objects". With "" it is how all of them
// begin.
func (p Pair) StatementID(about string) string { return "Bothways" + p.ID() + about }

func (p Pair) directionName(d Direction) string {
	return RulePrefix + p.ID() + "-" + p.From(d).Region + "-to-" + p.To(d).Region
}
