package policy

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Caller is who sends requests of ours, as the conditions of policies see it.
type Caller struct {
	// ARN and UserID are those that STS tells: the user's, or the session's.
	ARN, UserID, Account string
	// Principal is the user, or the role of a session with its path; "" where
	// that is not known.
	Principal string
	// Bounded says that a permissions boundary limits the caller.
	Bounded bool
	// Plain says that requests go over HTTP and not HTTPS.
	Plain bool
	// Now is about when they are sent.
	Now time.Time
}

// soon is how long a plan may lie before it runs: what a policy says of the
// time has to hold until then to be known.
const soon = time.Hour

// never are keys that no request of ours has to a bucket that its own account
// owns: headers that nothing of ours sends, and what only services, access
// points and presigned requests have (Service Authorization Reference, "Actions,
// resources, and condition keys for Amazon S3"; IAM User Guide, "AWS global
// condition context keys").
var never = strings.Fields(`aws:referer aws:sourceaccount aws:sourcearn aws:sourceorgid aws:sourceorgpaths aws:sourceowner aws:calledvia
	aws:calledviafirst aws:calledvialast aws:principalservicename aws:principalservicenameslist
	s3:dataaccesspointarn s3:dataaccesspointaccount s3:accesspointnetworkorigin s3:accessgrantsinstancearn s3:jobsuspendedcause
	s3:requestjoboperation s3:requestjobpriority s3:existingjoboperation s3:existingjobpriority
	s3:x-amz-acl s3:x-amz-copy-source s3:x-amz-metadata-directive s3:x-amz-storage-class s3:x-amz-website-redirect-location
	s3:x-amz-server-side-encryption s3:x-amz-server-side-encryption-aws-kms-key-id s3:x-amz-server-side-encryption-customer-algorithm
	s3:x-amz-grant-read s3:x-amz-grant-write s3:x-amz-grant-read-acp s3:x-amz-grant-write-acp s3:x-amz-grant-full-control
	s3:object-lock-mode s3:object-lock-legal-hold s3:object-lock-retain-until-date s3:object-lock-remaining-retention-days
	s3:if-match s3:if-none-match s3:requestobjecttag/ s3:requestobjecttagkeys s3:existingobjecttag/`)

// Request is a request that the caller sends to a bucket of its own account in
// a region, with all that is known of it.
func (c Caller) Request(action, resource, region string) Request {
	r := Request{
		Principal: c.Principal, Bounded: c.Bounded, Action: action, Resource: resource,
		Context: map[string][]string{
			"aws:securetransport": {strconv.FormatBool(!c.Plain)}, "aws:requestedregion": {region},
			"aws:principalaccount": {c.Account}, "aws:resourceaccount": {c.Account}, "s3:resourceaccount": {c.Account},
			"aws:viaawsservice": {"false"}, "aws:principalisawsservice": {"false"},
			"s3:signatureversion": {"AWS4-HMAC-SHA256"}, "s3:authtype": {"REST-HEADER"},
		},
		Either: map[string][][]string{
			"aws:currenttime": {{c.Now.UTC().Format(time.RFC3339)}, {c.Now.Add(soon).UTC().Format(time.RFC3339)}},
			"aws:epochtime":   {{strconv.FormatInt(c.Now.Unix(), 10)}, {strconv.FormatInt(c.Now.Add(soon).Unix(), 10)}},
		},
	}
	for _, key := range never {
		r.Context[key] = nil
	}
	verb := strings.ToLower(action)
	if !strings.HasSuffix(verb, "version") { // else it names one
		r.Context["s3:versionid"] = nil
	}
	if !strings.HasPrefix(verb, "s3:list") { // else what it lists
		r.Context["s3:prefix"], r.Context["s3:delimiter"], r.Context["s3:max-keys"] = nil, nil, nil
	}
	if c.Plain {
		r.Context["s3:tlsversion"] = nil
	} else { // what Go and S3 agree on
		r.Either["s3:tlsversion"] = [][]string{{"1.3"}, {"1.2"}}
	}
	if c.UserID != "" {
		r.Context["aws:userid"] = []string{c.UserID}
	}
	maps.Copy(r.Context, c.known(&r))
	return r
}

// known are the keys that tell who the caller is.
func (c Caller) known(r *Request) map[string][]string {
	parts := strings.SplitN(c.ARN, ":", 6)
	if len(parts) != 6 {
		return nil
	}
	kind, rest, _ := strings.Cut(parts[5], "/")
	who := map[string][]string{"aws:username": nil}
	switch kind {
	case "user":
		who["aws:principaltype"], who["aws:principalarn"] = []string{"User"}, []string{c.ARN}
		who["aws:username"] = []string{rest[strings.LastIndex(rest, "/")+1:]}
		who["aws:federatedprovider"], who["aws:sourceidentity"] = nil, nil
	case "root":
		who["aws:principaltype"], who["aws:principalarn"] = []string{"Account"}, []string{c.ARN}
	case "assumed-role":
		who["aws:principaltype"], r.Session = []string{"AssumedRole"}, c.ARN
		if c.Principal != "" {
			who["aws:principalarn"] = []string{c.Principal}
			break
		}
		// The session's ARN leaves the role's path out.
		role, _, _ := strings.Cut(rest, "/")
		r.Principal = strings.Join([]string{parts[0], parts[1], "iam", "", parts[4], "role/" + role}, ":")
		r.PathUnknown = true
	}
	if r.Principal == "" {
		r.Principal = c.ARN
	}
	return who
}

// Sent are the keys with the values that they likely have, for a simulation:
// of several the first, and what is known of the beginning with some end.
func (r Request) Sent() map[string][]string {
	sent := map[string][]string{}
	for key, values := range r.Context {
		if len(values) > 0 {
			sent[key] = values
		}
	}
	for key, several := range r.Either {
		if len(several[0]) > 0 {
			sent[key] = several[0]
		}
	}
	for key, beginning := range r.Begins {
		sent[key] = []string{beginning + "session"}
	}
	return sent
}

// Knows says whether it is known which value a key has, or that it has none.
func (r Request) Knows(key string) bool {
	_, known := r.lookUp(strings.ToLower(key))
	return known
}

// Variants are the requests that it may be, as far as KMS is concerned: what
// the encryption context is hangs on settings of objects that are not there
// yet.
func (r Request) Variants() []Request {
	all := []Request{r}
	for _, key := range slices.Sorted(maps.Keys(r.Either)) {
		if !strings.HasPrefix(key, "kms:") {
			continue
		}
		var more []Request
		for _, one := range all {
			for _, value := range r.Either[key] {
				other := one
				other.Either = maps.Clone(one.Either)
				other.Either[key] = [][]string{value}
				more = append(more, other)
			}
		}
		all = more
	}
	return all
}

// Condition is what a statement asks of one key.
type Condition struct {
	Key    string // as it is written
	Values []string
}

// Conditions are what the statement's conditions ask for.
func (s Statement) Conditions() []Condition {
	all := make([]Condition, len(s.conditions))
	for i, c := range s.conditions {
		all[i] = Condition{c.written, slices.Clone(c.wanted)}
	}
	return all
}
