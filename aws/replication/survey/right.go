package survey

import (
	"bothways/aws/pair"
)

// Right is one action that the credentials of a side must be allowed.
type Right struct {
	Side     pair.SideName
	Action   string // as policies write it: "s3:PutBucketVersioning"
	Resource string // an ARN; * in it stands for any text
	Why      string
	// For is what the right is needed for; "" is everything, the survey
	// among it.
	For pair.Purpose
	// Optional says that without it something stays unknown, and that is all.
	Optional bool
	// PassedTo is the service that a role is passed to, for iam:PassRole.
	PassedTo string
}

// Rights is what IAM says about the rights of one side's credentials.
type Rights struct {
	// Missing are those that are likely missing.
	Missing []MissingRight
	// Unread says why nothing is known, or "".
	Unread string
	// Principal is the ARN that policies know the credentials by: the user's, or
	// that of a session's role, with its path. It is "" where that is not known.
	Principal string
}

// MissingRight is a right that IAM's simulation denies.
type MissingRight struct {
	Right
	By string // what denies it
}

// Dollar is how a policy writes a dollar sign that begins no variable.
const Dollar = "${$}"
