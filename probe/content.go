package probe

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

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
