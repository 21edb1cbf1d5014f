package probe

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"bothways/aws/apierror"
	"bothways/probe/wording"
)

// checkLoop shows that the object did not come back: COMPLETED at its origin,
// REPLICA on the other side, one version on each and no delete marker; and
// that both sides hold the same content, by their checksums.
func (r *run) checkLoop(ctx context.Context, p *probing) {
	event := LoopEvent{Key: p.key, Direction: p.cell.Direction, Content: UnknownContent}
	origin, originErr := r.look(ctx, p.from, p)
	replica, replicaErr := r.look(ctx, p.to, p)
	originVersions, originListErr := r.countVersions(ctx, p.from, p.key)
	replicaVersions, replicaListErr := r.countVersions(ctx, p.to, p.key)
	if ctx.Err() != nil {
		return // interrupted: nothing is claimed
	}
	for _, problem := range []error{originErr, replicaErr, originListErr, replicaListErr} {
		if problem != nil {
			event.Unknown, event.Detail = true, apierror.Describe(problem)
		}
	}
	event.OriginVersions, event.ReplicaVersions = originVersions, replicaVersions
	if originErr == nil && replicaErr == nil {
		event.Origin, event.Replica = string(origin.ReplicationStatus), string(replica.ReplicationStatus)
		event.Content, event.Checksum = compare(p.upload.sums, sumsOf(origin), sumsOf(replica))
	}
	switch {
	case event.Detail != "":
	case event.Content == OtherContent:
		event.Detail = "the checksums differ: side " + string(p.to.name) + " does not hold what was written"
	case originVersions != 1 || replicaVersions != 1:
		event.Detail = "more or fewer than one version: somebody else wrote or deleted this key, or it came back"
	case p.unconfirmed:
		event.Unknown = true
		event.Detail = fmt.Sprintf("REPLICA not confirmed: side %s shows %s", p.to.name, orNothing(event.Replica))
	case !completed(origin.ReplicationStatus) && r.several[p.cell.Direction]:
		event.Unknown = true
		event.Detail = fmt.Sprintf("side %s shows %s, of all destinations together", p.from.name, orNothing(event.Origin))
	case !completed(origin.ReplicationStatus) && r.cfg.Foreign && event.Origin == "":
		event.Unknown = true
		event.Detail = fmt.Sprintf("side %s shows no replication status", p.from.name)
	case !completed(origin.ReplicationStatus):
		event.Detail = fmt.Sprintf("side %s still shows %q %s after the replica was seen", p.from.name, event.Origin, wording.Duration(completeLimit))
	case replica.ReplicationStatus != types.ReplicationStatusReplica:
		event.Detail = fmt.Sprintf("side %s shows %q instead of REPLICA", p.to.name, event.Replica)
	default:
		event.OK = true
	}
	r.emit(event)
}

// look reads a side's version with its checksums, and without them where that
// is refused: with KMS keys it asks for kms:Decrypt (S3 API reference,
// HeadObject).
func (r *run) look(ctx context.Context, side target, p *probing) (*s3.HeadObjectOutput, error) {
	got := r.headAs(ctx, side, p.key, p.upload.version, types.ChecksumModeEnabled)
	if status := apierror.StatusCode(got.err); status >= 400 && status < 500 {
		got = r.head(ctx, side, p.key, p.upload.version)
	} else if got.err != nil && ctx.Err() == nil { // a moment's trouble
		got = r.headAs(ctx, side, p.key, p.upload.version, types.ChecksumModeEnabled)
	}
	return got.out, got.err
}

// countVersions counts the versions and delete markers of a key.
func (r *run) countVersions(ctx context.Context, side target, key string) (int, error) {
	out, err := r.listVersions(ctx, side, key)
	if err != nil {
		return 0, err
	}
	count := len(versionsOf(out, key))
	for _, marker := range out.DeleteMarkers {
		if aws.ToString(marker.Key) == key {
			count++
		}
	}
	return count, nil
}

// listed says whether a side's listing holds the version. Servers that answer
// a HEAD for the other site while they have nothing themselves list only what
// they have.
func (r *run) listed(ctx context.Context, side target, key, id string) (bool, error) {
	out, err := r.listVersions(ctx, side, key)
	return err == nil && slices.Contains(versionsOf(out, key), id), err
}

// versionsOf are the versions of a key in a listing, which may hold those of
// longer keys too.
func versionsOf(out *s3.ListObjectVersionsOutput, key string) (ids []string) {
	for _, version := range out.Versions {
		if aws.ToString(version.Key) == key {
			ids = append(ids, aws.ToString(version.VersionId))
		}
	}
	return ids
}

func (r *run) listVersions(ctx context.Context, side target, key string) (*s3.ListObjectVersionsOutput, error) {
	ctx, err := r.limit.reserve(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, headTimeout)
	defer cancel()
	out, err := side.client.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: &side.bucket, Prefix: &key})
	if err != nil {
		return nil, fmt.Errorf("list the versions on side %s: %w", side.name, err)
	}
	return out, nil
}

// sums are the checksums that an answer shows, by kind. A multipart object's
// composite checksums are of another kind than those of a whole object.
type sums map[string]string

func (s sums) add(kind string, value *string) {
	if text := aws.ToString(value); text != "" {
		if strings.Contains(text, "-") { // composite values end in the number of parts
			kind += " of parts"
		}
		s[kind] = text
	}
}

func sumsOf(out *s3.HeadObjectOutput) sums {
	s := sums{}
	s.add("CRC32", out.ChecksumCRC32)
	s.add("CRC32C", out.ChecksumCRC32C)
	s.add("CRC64NVME", out.ChecksumCRC64NVME)
	s.add("SHA1", out.ChecksumSHA1)
	s.add("SHA256", out.ChecksumSHA256)
	return s
}

// compare says whether what was uploaded, the origin and the replica agree.
// What a side does not show proves nothing: without a kind that both sides
// show the content is unknown. The kinds returned are those that agree.
func compare(uploaded, origin, replica sums) (content Content, kinds string) {
	var same []string
	for kind, value := range origin {
		if sent, known := uploaded[kind]; known && sent != value {
			return OtherContent, kind
		}
		there, known := replica[kind]
		if known && there != value {
			return OtherContent, kind
		}
		if known {
			same = append(same, kind)
		}
	}
	for kind, value := range replica {
		if sent, known := uploaded[kind]; known && sent != value {
			return OtherContent, kind
		}
	}
	if len(same) == 0 {
		return UnknownContent, ""
	}
	slices.Sort(same)
	return SameContent, strings.Join(same, ", ")
}
