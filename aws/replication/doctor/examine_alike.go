package doctor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
	"bothways/aws/replication/survey"
)

const (
	// mostJudged bounds how many FAILED objects the rights are held against, and
	// mostAlike how many kinds of them canaries are sent like.
	mostJudged = 6
	mostAlike  = 3
)

// like is the check-up of one object: its own key instead of an example, and
// the KMS key that it is under instead of the bucket's default.
func (p *Checkup) like(o object) *Checkup {
	q := *p
	q.Troubles, q.example = nil, o.key
	if r := p.ruleFor(o.key); r != nil {
		q.Rule = r
	}
	if o.isKMS() {
		q.sourceKey, q.from.BucketKey = aws.ToString(o.head.SSEKMSKeyId), aws.ToBool(o.head.BucketKeyEnabled)
	}
	return &q
}

// judge holds what S3 needs against the objects themselves that FAILED, or that
// are under KMS and were not taken up: each may be under another key than the
// bucket's default, or where the role may not read.
func (p *Checkup) judge(ctx context.Context, found objects) error {
	type about struct {
		kind   kind
		folder string
	}
	var judged []about
	open := found.of(types.ReplicationStatusFailed)
	if p.optsIn() { // what a rule left out that is mended now fails next
		open = append(open, slices.DeleteFunc(found.of(""), func(o object) bool { return !o.isKMS() })...)
	}
	for _, o := range open {
		folder, _, _ := strings.Cut(o.key, "/")
		if !strings.Contains(o.key, "/") {
			folder = ""
		}
		this := about{o.kind(), folder}
		if slices.Contains(judged, this) || len(judged) == mostJudged {
			continue
		}
		judged = append(judged, this)
		q := p.like(o)
		if q.Rule != nil && q.Rule != p.Rule { // what is wrong with it was not said yet
			q.account()
			q.encryption()
			q.mends()
		}
		if o.isKMS() {
			var err error
			if q.all, err = p.all.WithKey(ctx, q.sourceKey); err != nil {
				return err
			}
		}
		if err := q.Rights(ctx); err != nil {
			if err := ends(ctx, err); err != nil {
				return err
			}
		}
		q.bucketPolicies()
		q.KeyPolicies()
		for _, t := range q.Troubles {
			if slices.ContainsFunc(p.Troubles, func(known Trouble) bool { return known.Title == t.Title && known.Side == t.Side }) {
				continue
			}
			if t.Apply && t.Cause == CauseKMS { // apply gives our role the pair's keys alone
				t.Apply, t.Todo = false, "Let the key's own policy allow it to the role; apply gives the role the pair's keys alone."
			}
			t.Meaning += fmt.Sprintf(" It is so for objects such as %q, %s.", o.key, o.kind())
			p.Troubles = append(p.Troubles, t)
		}
	}
	return nil
}

// alike are FAILED objects of each kind that the plain canary is not of.
func (p *Checkup) alike(found objects) []object {
	plain := kind{encryption: types.ServerSideEncryptionAes256, class: types.StorageClassStandard}
	if p.from.KMSDefault || p.optsIn() && p.sourceKey != "" {
		plain.encryption, plain.key, plain.bucketKey = types.ServerSideEncryptionAwsKms, p.sourceKey, p.from.BucketKey
	}
	seen := []kind{plain}
	var all []object
	for _, o := range found.of(types.ReplicationStatusFailed) {
		if k := o.kind(); k.encryption != "" && !slices.Contains(seen, k) { // S3 encrypts all that is written now
			seen, all = append(seen, k), append(all, o)
		}
	}
	return all
}

// put makes a canary an object of that kind.
func (k kind) put(input *s3.PutObjectInput) {
	input.ServerSideEncryption, input.SSEKMSKeyId, input.BucketKeyEnabled = k.encryption, nil, nil
	if k.key != "" {
		input.SSEKMSKeyId, input.BucketKeyEnabled = aws.String(k.key), aws.Bool(k.bucketKey)
	}
	if k.class != types.StorageClassStandard {
		input.StorageClass = k.class
	}
}

// tried says how canaries fared that were like objects that FAILED.
type tried struct {
	said string // of those that arrived, or could not be written
	left []string
	// failing is what the first was like that did not arrive, or "".
	failing string
	status  types.ReplicationStatus
	took    time.Duration
}

// tryAlike sends a canary like each kind of FAILED object, of which a plain one
// proves nothing, until one does not arrive.
func (p *Checkup) tryAlike(ctx context.Context, s *survey.Survey, found objects, news func(string)) (result tried, err error) {
	for i, o := range p.alike(found) {
		name := fmt.Sprintf("%q, %s", o.key, o.kind())
		if i == mostAlike {
			result.said += " Nothing is proven of others that FAILED, such as " + name + "."
			break
		}
		status, took, left, err := try(ctx, s, p.direction, o.kind().put, int32(i)+1, news)
		if left != "" {
			result.left = append(result.left, left)
		}
		switch {
		case err != nil && ends(ctx, err) != nil:
			return result, err
		case err != nil:
			result.said += " Nothing is proven of objects like " + name + ": " + apierror.Describe(err)
			p.refusedKey(o, err)
		case status != types.ReplicationStatusReplica:
			result.failing, result.status, result.took = name, status, took
			return result, nil
		default:
			result.said += " So was one like " + name + "."
		}
	}
	return result, nil
}

// refusedKey names a KMS key that does not serve to write under it.
func (p *Checkup) refusedKey(o object, err error) {
	if !strings.HasPrefix(said(err), "KMS.") {
		return
	}
	p.add(Trouble{
		Severity: survey.Warning, Side: p.direction.From(), Cause: CauseKMS, Missing: o.kind().key,
		Title:   "the key " + o.kind().key + " can't be used (" + said(err) + ")",
		Meaning: fmt.Sprintf("Objects under it, such as %q, can't be read to be replicated: they read FAILED, for ever.", o.key),
		Todo:    "Put the key right, or write such objects anew under another.",
	})
}
