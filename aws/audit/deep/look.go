package deep

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
	"bothways/aws/audit/draw"
	"bothways/aws/pair"
)

// look compares a version on both sides.
func (l looker) look(ctx context.Context, v draw.Version) (Sampled, error) {
	s := Sampled{Version: v, Differences: map[Aspect]string{}, Unread: map[Aspect]string{}, compared: map[Aspect]bool{}}
	heads := map[pair.SideName]*s3.HeadObjectOutput{}
	for _, side := range pair.Sides() {
		head, err := l.head(ctx, side, v)
		switch {
		case err == nil:
			heads[side] = head
		case ends(ctx, err) != nil:
			return s, err
		case apierror.StatusCode(err) == http.StatusNotFound || apierror.StatusCode(err) == http.StatusMethodNotAllowed:
			s.Gone = true
			return s, nil
		default:
			why := refusal(side, "s3:GetObjectVersion", err)
			for _, a := range []Aspect{Checksums, Metadata, Lock, Tags, ACL, Annotations} {
				s.Unread[a] = why
			}
			return s, nil
		}
	}
	a, b := heads[pair.A], heads[pair.B]
	s.UnderWay = a.ReplicationStatus == types.ReplicationStatusPending || b.ReplicationStatus == types.ReplicationStatusPending
	s.sums(a, b)
	s.hold(Metadata, metadata(a), metadata(b))
	s.hold(Lock, locks(a), locks(b))
	for _, further := range []struct {
		aspect Aspect
		right  string
		read   func(context.Context, pair.SideName, draw.Version) (map[string]string, error)
	}{
		{Tags, "s3:GetObjectVersionTagging", l.tags}, {ACL, "s3:GetObjectVersionAcl", l.acl}, {Annotations, "s3:ListObjectVersionAnnotations", l.annotations},
	} {
		if further.aspect == Tags && aws.ToInt32(a.TagCount) == 0 && aws.ToInt32(b.TagCount) == 0 {
			s.compared[Tags] = true
			continue
		}
		found := map[pair.SideName]map[string]string{}
		for _, side := range pair.Sides() {
			read, err := further.read(ctx, side, v)
			if ends(ctx, err) != nil {
				return s, err
			}
			if err != nil {
				s.Unread[further.aspect] = refusal(side, further.right, err)
				break
			}
			found[side] = read
		}
		if len(found) == 2 {
			s.hold(further.aspect, found[pair.A], found[pair.B])
		}
	}
	return s, nil
}

// head asks with checksums, and without where those want a right that is missing:
// kms:Decrypt (S3 API reference, HeadObject, ChecksumMode).
func (l looker) head(ctx context.Context, side pair.SideName, v draw.Version) (*s3.HeadObjectOutput, error) {
	in := &s3.HeadObjectInput{
		Bucket: l.bucket(side), Key: &v.Key, VersionId: &v.VersionID, ExpectedBucketOwner: l.owner(side), ChecksumMode: types.ChecksumModeEnabled,
	}
	out, err := l.s3(side).HeadObject(ctx, in)
	if apierror.Denied(err) {
		in.ChecksumMode = ""
		out, err = l.s3(side).HeadObject(ctx, in)
	}
	return out, err
}

// hold compares what both sides have of an aspect, by name.
func (s *Sampled) hold(aspect Aspect, a, b map[string]string) {
	s.compared[aspect] = true
	var words []string
	names := maps.Clone(a)
	if names == nil {
		names = map[string]string{}
	}
	maps.Copy(names, b)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		one, inA := a[name]
		other, inB := b[name]
		switch {
		case !inA:
			words = append(words, fmt.Sprintf("only B has %s: %q", name, other))
		case !inB:
			words = append(words, fmt.Sprintf("only A has %s: %q", name, one))
		case one != other:
			words = append(words, fmt.Sprintf("%s is %q on A and %q on B", name, one, other))
		}
	}
	if len(words) > 0 {
		s.Differences[aspect] = strings.Join(words, "; ")
	}
}

// sums compares the checksums of algorithms that both sides have.
func (s *Sampled) sums(a, b *s3.HeadObjectOutput) {
	one, other := checksums(a), checksums(b)
	for name := range one {
		if _, both := other[name]; !both {
			delete(one, name)
		}
	}
	for name := range other {
		if _, both := one[name]; !both {
			delete(other, name)
		}
	}
	if len(one) == 0 {
		s.Unread[Checksums] = "there is no checksum of one algorithm on both sides"
		return
	}
	s.hold(Checksums, one, other)
}

func checksums(h *s3.HeadObjectOutput) map[string]string {
	return given(map[string]*string{
		"CRC32": h.ChecksumCRC32, "CRC32C": h.ChecksumCRC32C, "CRC64NVME": h.ChecksumCRC64NVME, "MD5": h.ChecksumMD5,
		"SHA1": h.ChecksumSHA1, "SHA256": h.ChecksumSHA256, "SHA512": h.ChecksumSHA512,
		"XXHASH64": h.ChecksumXXHASH64, "XXHASH3": h.ChecksumXXHASH3, "XXHASH128": h.ChecksumXXHASH128,
	})
}

func metadata(h *s3.HeadObjectOutput) map[string]string {
	all := given(map[string]*string{
		"Content-Type": h.ContentType, "Cache-Control": h.CacheControl, "Content-Disposition": h.ContentDisposition, "Content-Encoding": h.ContentEncoding,
		"Content-Language": h.ContentLanguage, "Expires": h.ExpiresString, "Website-Redirect-Location": h.WebsiteRedirectLocation,
	})
	for name, value := range h.Metadata {
		all["x-amz-meta-"+strings.ToLower(name)] = value
	}
	return all
}

// locks are the settings of Object Lock of a version. A hold that is off is the
// same as none.
func locks(h *s3.HeadObjectOutput) map[string]string {
	all := map[string]string{}
	if h.ObjectLockMode != "" {
		all["mode"] = string(h.ObjectLockMode)
	}
	if until := h.ObjectLockRetainUntilDate; until != nil {
		all["retain until"] = until.UTC().Format(time.RFC3339)
	}
	if h.ObjectLockLegalHoldStatus == types.ObjectLockLegalHoldStatusOn {
		all["legal hold"] = "ON"
	}
	if h.ObjectLockEventHold != "" {
		all["event hold"] = string(h.ObjectLockEventHold)
	}
	return all
}

func (l looker) tags(ctx context.Context, side pair.SideName, v draw.Version) (map[string]string, error) {
	out, err := l.s3(side).GetObjectTagging(ctx, &s3.GetObjectTaggingInput{
		Bucket: l.bucket(side), Key: &v.Key, VersionId: &v.VersionID, ExpectedBucketOwner: l.owner(side),
	})
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, t := range out.TagSet {
		all[aws.ToString(t.Key)] = aws.ToString(t.Value)
	}
	return all, nil
}

// acl are the grants beside the owner's own.
func (l looker) acl(ctx context.Context, side pair.SideName, v draw.Version) (map[string]string, error) {
	out, err := l.s3(side).GetObjectAcl(ctx, &s3.GetObjectAclInput{
		Bucket: l.bucket(side), Key: &v.Key, VersionId: &v.VersionID, ExpectedBucketOwner: l.owner(side),
	})
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, g := range out.Grants {
		if g.Grantee == nil {
			continue
		}
		who := cmp.Or(aws.ToString(g.Grantee.URI), aws.ToString(g.Grantee.ID), aws.ToString(g.Grantee.EmailAddress))
		if out.Owner == nil || who != aws.ToString(out.Owner.ID) {
			all[who+" "+string(g.Permission)] = "granted"
		}
	}
	return all, nil
}

// annotations are those of a version by their names, with their ETags.
func (l looker) annotations(ctx context.Context, side pair.SideName, v draw.Version) (map[string]string, error) {
	all := map[string]string{}
	in := &s3.ListObjectAnnotationsInput{Bucket: l.bucket(side), Key: &v.Key, VersionId: &v.VersionID, ExpectedBucketOwner: l.owner(side)}
	for {
		out, err := l.s3(side).ListObjectAnnotations(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, a := range out.Annotations {
			all[aws.ToString(a.AnnotationName)] = fmt.Sprintf("%s, %d bytes", aws.ToString(a.ETag), aws.ToInt64(a.Size))
		}
		if in.ContinuationToken = out.NextContinuationToken; aws.ToString(in.ContinuationToken) == "" {
			return all, nil
		}
	}
}

// given are the texts that are there.
func given(texts map[string]*string) map[string]string {
	all := map[string]string{}
	for name, text := range texts {
		if aws.ToString(text) != "" {
			all[name] = *text
		}
	}
	return all
}

// refusal is why something could not be read, in words.
func refusal(side pair.SideName, right string, err error) string {
	switch status := apierror.StatusCode(err); {
	case apierror.Denied(err):
		return right + " may be missing on side " + string(side)
	case status == http.StatusBadRequest && right == "s3:GetObjectVersion":
		return "on side " + string(side) + " it is under a key of its writer (SSE-C)"
	case status == http.StatusNotImplemented || status == http.StatusMethodNotAllowed || status == http.StatusBadRequest || status == 0 && apierror.Code(err) == "":
		return "side " + string(side) + " does not know how to tell (" + cmp.Or(apierror.Code(err), "no answer") + ")"
	}
	return "side " + string(side) + " gave no usable answer (" + cmp.Or(apierror.Code(err), "none") + ")"
}

// ends keeps only the errors that end a look.
func ends(ctx context.Context, err error) error {
	if err != nil && (ctx.Err() != nil || apierror.Expired(err)) {
		return err
	}
	return nil
}
