package cause

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsmiddleware "github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
	"bothways/aws/audit/difference"
	"bothways/aws/pair"
)

// ask reads what both sides say of a candidate. Its error ends the audit:
// somebody did, or the credentials are over.
func (j *Judge) ask(ctx context.Context, c difference.Candidate) (facts, error) {
	f := facts{}
	for _, side := range order(c) {
		id := versionOn(c, side)
		if id == "" {
			continue
		}
		one, err := j.head(ctx, side, c.Key, id)
		if err != nil {
			return nil, err
		}
		f[side] = one
	}
	for _, further := range []func(context.Context, difference.Candidate, facts) error{j.tags, j.versions, j.parts, j.neighbours, j.heirs} {
		if err := further(ctx, c, f); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// order is that in which the sides are asked: who has it first, so that what is
// absent on the other was absent later than its status was read.
func order(c difference.Candidate) []pair.SideName {
	if c.Kind == difference.OneSided && c.Only() == pair.B {
		return []pair.SideName{pair.B, pair.A}
	}
	return pair.Sides()
}

// versionOn is the version to ask a side for: its own, and of what it lacks the
// other's.
func versionOn(c difference.Candidate, side pair.SideName) string {
	if e := c.At(side); e != nil {
		return e.VersionID
	}
	if e := c.At(side.Other()); e != nil && c.Kind == difference.OneSided {
		return e.VersionID
	}
	return ""
}

// head asks for a version. HEAD with checksums wants the key of what is encrypted
// with KMS (S3 API reference, HeadObject, ChecksumMode), so what is refused is
// asked for once more without them.
func (j *Judge) head(ctx context.Context, side pair.SideName, key, id string) (fact, error) {
	input := &s3.HeadObjectInput{
		Bucket: j.bucket(side), Key: &key, VersionId: &id, ExpectedBucketOwner: j.owner(side), ChecksumMode: types.ChecksumModeEnabled,
	}
	out, err := j.answer(ctx, side, input)
	unread := ""
	if apierror.Denied(err) {
		input.ChecksumMode = ""
		if out, err = j.answer(ctx, side, input); err == nil {
			unread = "HEAD with checksums is refused on " + string(side) + ", where kms:Decrypt may be missing"
		}
	}
	if err == nil {
		return factOf(out, unread), nil
	}
	f := fact{at: time.Now()}
	if told, err := http.ParseTime(apierror.Header(err, "Date")); err == nil {
		f.at = told
	}
	switch status := apierror.StatusCode(err); {
	case ends(ctx, err) != nil:
		return f, err
	case status == http.StatusNotFound:
		f.state = absent
	case status == http.StatusMethodNotAllowed:
		f.state = marker
	case apierror.Denied(err):
		f.state = refused
		f.why = "HEAD on " + string(side) + " is refused (403): s3:GetObjectVersion may be missing"
		if j.world.sides[side].strangers {
			f.why += ", or the object belongs to another account"
		}
	case status == http.StatusBadRequest:
		f.state = sealed
		f.why = "HEAD on " + string(side) + " is answered with 400: it is under a key of its writer (SSE-C), without which nothing is told"
	case j.out(ctx, side, err):
		return f, err
	default:
		f.state = silent
		f.why = "HEAD on " + string(side) + " gave no usable answer (" + said(err) + ")"
	}
	return f, nil
}

func factOf(out *s3.HeadObjectOutput, unread string) fact {
	f := fact{
		state: there, status: string(out.ReplicationStatus), encryption: string(out.ServerSideEncryption), kmsKey: aws.ToString(out.SSEKMSKeyId),
		class: string(out.StorageClass), tagCount: int(aws.ToInt32(out.TagCount)), lock: lockWords(out), sumsUnread: unread,
	}
	if f.status == string(types.ReplicationStatusComplete) { // the SDK knows both words
		f.status = complete
	}
	f.archived = pair.ClassNamed(f.class).Archive || out.ArchiveStatus != ""
	f.restored = strings.Contains(aws.ToString(out.Restore), `ongoing-request="false"`)
	f.sums, f.composite = sumsOf(out)
	f.metadata = metadataOf(out)
	var told bool
	if f.at, told = awsmiddleware.GetServerTime(out.ResultMetadata); !told {
		f.at = time.Now()
	}
	return f
}

func sumsOf(out *s3.HeadObjectOutput) (sums map[string]string, composite bool) {
	sums = map[string]string{}
	for name, value := range map[string]*string{
		"CRC32": out.ChecksumCRC32, "CRC32C": out.ChecksumCRC32C, "CRC64NVME": out.ChecksumCRC64NVME, "MD5": out.ChecksumMD5,
		"SHA1": out.ChecksumSHA1, "SHA256": out.ChecksumSHA256, "SHA512": out.ChecksumSHA512,
		"XXHASH64": out.ChecksumXXHASH64, "XXHASH3": out.ChecksumXXHASH3, "XXHASH128": out.ChecksumXXHASH128,
	} {
		if text := aws.ToString(value); text != "" {
			sums[name] = text
			composite = composite || strings.Contains(text, "-") // the number of parts follows; base64 has no hyphen
		}
	}
	return sums, composite || out.ChecksumType == types.ChecksumTypeComposite
}

func lockWords(out *s3.HeadObjectOutput) string {
	var words []string
	if out.ObjectLockMode != "" {
		words = append(words, "retained in "+strings.ToLower(string(out.ObjectLockMode))+" mode until "+instant(aws.ToTime(out.ObjectLockRetainUntilDate)))
	}
	if out.ObjectLockLegalHoldStatus == types.ObjectLockLegalHoldStatusOn {
		words = append(words, "under a legal hold")
	}
	return strings.Join(words, " and ")
}

// tags asks for the tags of an object where rules go by them.
func (j *Judge) tags(ctx context.Context, c difference.Candidate, f facts) error {
	if c.Kind != difference.OneSided || c.Entry().Marker {
		return nil
	}
	side := c.Only()
	here := f[side]
	if !here.found() || here.tagCount == 0 || !j.world.goesByTags(side, c.Key) {
		return nil
	}
	j.reads.Add(1)
	out, err := j.client(side).GetObjectTagging(ctx, &s3.GetObjectTaggingInput{
		Bucket: j.bucket(side), Key: &c.Key, VersionId: aws.String(c.Entry().VersionID), ExpectedBucketOwner: j.owner(side),
	})
	switch {
	case err == nil:
		here.tags = out.TagSet
	case ends(ctx, err) != nil:
		return err
	default:
		here.tagsUnread = "its tags can't be read on " + string(side) + " (" + said(err) + "; s3:GetObjectVersionTagging)"
	}
	f[side] = here
	return nil
}

// goesByTags says whether rules that may have to do with a key go by tags.
func (w world) goesByTags(side pair.SideName, key string) bool {
	on, _ := w.ways[from(side)].covering(key)
	for _, r := range on {
		if len(r.tags) > 0 {
			return true
		}
	}
	for _, l := range w.sides[side.Other()].lifecycle {
		if s := scopeOf(l); strings.HasPrefix(key, s.prefix) && len(s.tags) > 0 {
			return true
		}
	}
	return false
}

// versions lists the other versions of a key where what lifecycle rules did hangs
// on them: of a marker on the side that has it, of a version on the side that
// lacks it.
func (j *Judge) versions(ctx context.Context, c difference.Candidate, f facts) error {
	if c.Kind != difference.OneSided {
		return nil
	}
	side := c.Only()
	if !c.Entry().Marker {
		if here := f[side]; here.status != complete && here.status != replica {
			return nil
		}
		side = side.Other()
	}
	if !j.world.hasLifecycle(side, c.Key) {
		return nil
	}
	one := f[side]
	j.reads.Add(1)
	out, err := j.client(side).ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: j.bucket(side), Prefix: &c.Key, ExpectedBucketOwner: j.owner(side)})
	switch {
	case err == nil:
		for _, v := range out.Versions {
			if aws.ToString(v.Key) == c.Key {
				one.versions = append(one.versions, entryOf(v))
			}
		}
		for _, m := range out.DeleteMarkers {
			if aws.ToString(m.Key) == c.Key {
				one.versions = append(one.versions, difference.Entry{
					VersionID: aws.ToString(m.VersionId), Modified: aws.ToTime(m.LastModified), Latest: aws.ToBool(m.IsLatest), Marker: true,
				})
			}
		}
		one.versionsMore = aws.ToBool(out.IsTruncated) && aws.ToString(out.NextKeyMarker) == c.Key
	case ends(ctx, err) != nil:
		return err
	default:
		one.versionsWhy = "the versions of the key can't be listed on " + string(side) + " (" + said(err) + ")"
	}
	f[side] = one
	return nil
}

func entryOf(v types.ObjectVersion) difference.Entry {
	return difference.Entry{
		VersionID: aws.ToString(v.VersionId), Modified: aws.ToTime(v.LastModified), Latest: aws.ToBool(v.IsLatest), Size: aws.ToInt64(v.Size),
		ETag: strings.Trim(aws.ToString(v.ETag), `"`), Class: string(v.StorageClass),
	}
}

// parts asks for the sizes of parts where composite checksums differ: of parts of
// the same sizes they then show other bytes.
func (j *Judge) parts(ctx context.Context, c difference.Candidate, f facts) error {
	if c.Kind != difference.OtherETag || !f[pair.A].found() || !f[pair.B].found() || !f[pair.A].composite || !f[pair.B].composite {
		return nil
	}
	if same, _, _ := sameSums(f[pair.A], f[pair.B]); same {
		return nil
	}
	for _, side := range pair.Sides() {
		one := f[side]
		j.reads.Add(1)
		out, err := j.client(side).GetObjectAttributes(ctx, &s3.GetObjectAttributesInput{
			Bucket: j.bucket(side), Key: &c.Key, VersionId: aws.String(c.At(side).VersionID), ExpectedBucketOwner: j.owner(side),
			ObjectAttributes: []types.ObjectAttributes{types.ObjectAttributesObjectParts}, MaxParts: aws.Int32(10_000), // all that there can be
		})
		switch {
		case err == nil && out.ObjectParts != nil && !aws.ToBool(out.ObjectParts.IsTruncated):
			for _, p := range out.ObjectParts.Parts {
				one.parts = append(one.parts, aws.ToInt64(p.Size))
			}
		case err == nil:
			one.partsUnread = "S3 doesn't tell the sizes of its parts on " + string(side)
		case ends(ctx, err) != nil:
			return err
		default:
			one.partsUnread = "the sizes of its parts can't be read on " + string(side) + " (" + said(err) + "; s3:GetObjectVersionAttributes)"
		}
		f[side] = one
	}
	return nil
}

// ends keeps only the errors that end an audit.
func ends(ctx context.Context, err error) error {
	if ctx.Err() != nil || apierror.Expired(err) || errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// said is an error in a word.
func said(err error) string { return cmp.Or(apierror.Code(err), "no answer") }

func from(side pair.SideName) pair.Direction {
	if side == pair.A {
		return pair.AtoB
	}
	return pair.BtoA
}
