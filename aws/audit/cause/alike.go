package cause

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"bothways/aws/audit/difference"
	"bothways/probe/wording"
)

// Alike says whether two versions hold the same by what HEAD said of them, as an
// audit compares: by their sizes, their ETags, and where those are of no digest by
// checksums of one algorithm. known is false where that can't be told; how says why,
// or in what they differ. unread is why their checksums are not known, or "".
func Alike(a, b *s3.HeadObjectOutput, unread string) (same, known bool, how string) {
	entryA, entryB := headEntry(a), headEntry(b)
	switch {
	case entryA.Size != entryB.Size:
		return false, true, fmt.Sprintf("their sizes are %s and %s", wording.Size(entryA.Size), wording.Size(entryB.Size))
	case entryA.ETag == entryB.ETag:
		return true, true, "the ETags are the same"
	}
	return sameBytes(entryA, entryB, factOf(a, unread), factOf(b, unread))
}

func headEntry(out *s3.HeadObjectOutput) difference.Entry {
	return difference.Entry{VersionID: aws.ToString(out.VersionId), ETag: strings.Trim(aws.ToString(out.ETag), `"`), Size: aws.ToInt64(out.ContentLength), Modified: aws.ToTime(out.LastModified)}
}
