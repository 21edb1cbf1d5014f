package survey

import (
	"strings"

	"bothways/aws/policy"
)

// KeySays is what a key says to a request: its policy, and its state. Inside
// the key's account a policy that allows the account leaves the rest to IAM;
// what it does not allow, not even to the account, no policy of IAM can (KMS
// Developer Guide, "Key policies in AWS KMS").
type KeySays struct {
	Key, Action string
	Answer      policy.Answer // Yes: the key is not in the way
	// Reason is why it is in the way, or may be, as the end of a sentence.
	Reason string
	// Unknown names what leaves it open: condition keys, or why the policy is
	// not known.
	Unknown []string
	// Lacks says that nothing denies it, so that one more statement would do.
	Lacks bool
	// itself and byARN are what grants by itself, without a policy of IAM.
	itself, byARN policy.Match
}

// AskKey asks a key about a request to use it.
func (s *Survey) AskKey(arn string, r policy.Request) KeySays {
	says := KeySays{Key: arn, Action: r.Action, Answer: policy.Yes}
	k, known := s.Keys[arn]
	switch {
	case k.Unusable() != "":
		says.Answer, says.Reason = policy.No, k.Unusable()
		return says
	case !known:
		says.Answer, says.Reason, says.Unknown = policy.Perhaps, "its policy was not read", []string{ReadKeyPolicy}
		return says
	case k.document == nil:
		says.Answer, says.Reason, says.Unknown = policy.Perhaps, "its policy is not known ("+k.Unread+")", []string{k.Unread}
		return says
	}
	says.itself, says.byARN = k.gives(r, false), k.gives(r, true)
	for _, m := range k.document.Denies(r) {
		if m.Answer == policy.Yes {
			says.Answer, says.Reason, says.Unknown = policy.No, "its policy denies it ("+m.Statement.Name()+")", nil
			return says
		}
		says.doubt("its policy may deny it ("+m.Statement.Name()+")", m.Unknown)
	}
	switch m := k.allows(r); {
	case m.Answer == policy.No && k.grants == nil:
		says.Answer, says.Reason, says.Unknown = policy.Perhaps, "its policy does not allow it to "+shortPrincipal(r.Principal)+
			", and whether a grant does is not known ("+k.ungranted+")", append(says.Unknown, ListGrants)
	case m.Answer == policy.No:
		says.Answer, says.Reason, says.Unknown, says.Lacks = policy.No, "its policy allows it neither to "+shortPrincipal(r.Principal)+" nor to the account", nil, true
	case m.Answer == policy.Perhaps:
		says.doubt("its policy allows it under conditions only ("+m.Statement.Name()+")", m.Unknown)
	}
	return says
}

// allows is what allows a request most certainly, the key's policy or a grant:
// who has a grant needs nothing in the policy.
func (k Key) allows(r policy.Request) policy.Match {
	best := k.document.Allows(r)
	if k.grants == nil {
		return best
	}
	if m := k.grants.Allows(r); m.Answer > best.Answer {
		return m
	}
	return best
}

// gives is what gives a request without a policy of IAM, see [policy.Document.Grants].
func (k Key) gives(r policy.Request, byARN bool) policy.Match {
	best := k.document.Grants(r, byARN)
	if k.grants == nil {
		return best
	}
	if m := k.grants.Grants(r, byARN); m.Answer > best.Answer {
		return m
	}
	return best
}

func (says *KeySays) doubt(reason string, unknown []string) {
	if says.Answer == policy.Yes {
		says.Answer, says.Reason = policy.Perhaps, reason
	}
	says.Unknown = append(says.Unknown, unknown...)
}

// GrantsItself says whether the key's policy gives what no policy of IAM gives,
// for the reason that IAM's simulation tells: a boundary only gives way where
// the policy names who asks by the ARN (IAM User Guide, "Permissions boundaries
// for IAM entities").
func (says KeySays) GrantsItself(r Ruling) policy.Match {
	switch {
	case r.Explicit || r.Reason == Organisation || r.Reason == Denied:
		return policy.Match{}
	case r.Reason == OutOfBounds:
		return says.byARN
	}
	return says.itself
}

func shortPrincipal(arn string) string { return arn[strings.LastIndex(arn, ":")+1:] }
