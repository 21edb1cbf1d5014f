package pair

import (
	"cmp"
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"sync"
)

// Reserved beginnings of general purpose bucket names, from the
// S3 User Guide's bucket naming rules (April 2026).
var (
	reservedStarts = []string{"xn--", "sthree-", "amzn-s3-demo-"}
	regionShape    = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$`) })
	// regionalShape is that of names in an account's own namespace.
	regionalShape = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^[a-z0-9.-]+-([0-9]{12})-([a-z]{2,4}(?:-[a-z]+)+-[0-9]{1,2})-an$`)
	})
)

// CheckBucketName applies S3's naming rules for new general purpose buckets
// (S3 User Guide, "Bucket naming rules") and says which one is broken.
func CheckBucketName(name string) error {
	return cmp.Or(notABucket(name), checkShape(name), checkReserved(name))
}

func checkShape(name string) error {
	switch {
	case name == "":
		return fmt.Errorf("a bucket name is missing")
	case len(name) < 3 || len(name) > 63:
		return fmt.Errorf("bucket name %q is %d long: 3 to 63 characters are allowed", clip(name), len(name))
	}
	if r, is := foreign(name, ""); is {
		return fmt.Errorf("bucket name %q has the character %q: only a to z, 0 to 9, - and . are allowed", clip(name), r)
	}
	if !alphanumeric(name[0]) || !alphanumeric(name[len(name)-1]) {
		return fmt.Errorf("bucket name %q must start and end with a letter or a digit", name)
	}
	if strings.Contains(name, "..") {
		return fmt.Errorf("bucket name %q has two dots in a row", name)
	}
	return checkAddress(name)
}

// foreign is the first character that no bucket's name has, but for those that
// are allowed besides.
func foreign(name, besides string) (r rune, is bool) {
	for _, r := range name {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("-."+besides, r) {
			return r, true
		}
	}
	return 0, false
}

func checkAddress(name string) error {
	if addr, err := netip.ParseAddr(name); err == nil && addr.Is4() {
		return fmt.Errorf("bucket name %q looks like an IP address", name)
	}
	return nil
}

func checkReserved(name string) error {
	for _, start := range reservedStarts {
		if strings.HasPrefix(name, start) {
			return fmt.Errorf("bucket name %q starts with %s, which AWS keeps for itself", name, start)
		}
	}
	if _, _, regional := RegionalName(name); strings.HasSuffix(name, "-an") && !regional {
		return fmt.Errorf("bucket name %q ends with -an, which is for names of an account's own: PREFIX-ACCOUNT-REGION-an, such as logs-123456789012-eu-west-1-an", name)
	}
	return nil
}

// CheckBucket says whether the side can be a bucket at all, one that is there
// or a new one. A bucket that is there may have a name that no new one can get:
// in us-east-1 capitals, underscores and up to 255 characters from before March
// 2018, and everywhere what AWS has reserved since (S3 User Guide, "Bucket
// naming rules").
func (s Side) CheckBucket() error {
	if err := notABucket(s.Bucket); err != nil {
		return err
	}
	err := checkShape(s.Bucket)
	r, is := foreign(s.Bucket, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_")
	switch old := !is && len(s.Bucket) >= 3 && len(s.Bucket) <= 255 && checkAddress(s.Bucket) == nil; {
	case err == nil || old && s.Region == "us-east-1":
		return nil
	case old:
		return fmt.Errorf("%w (buckets in us-east-1 from before March 2018 can have others)", err)
	case is && len(s.Bucket) <= 63:
		return fmt.Errorf("bucket name %q has the character %q: only a to z, 0 to 9, - and . are allowed", clip(s.Bucket), r)
	}
	return err
}

// CheckNewBucket says whether a bucket of that name can still be made.
func (s Side) CheckNewBucket() error { return CheckBucketName(s.Bucket) }

// RegionalName takes apart a name of the account-regional namespace,
// PREFIX-ACCOUNT-REGION-an, which only that account can have and only there
// (S3 User Guide, "Namespaces for general purpose buckets").
func RegionalName(name string) (account, region string, ok bool) {
	parts := regionalShape().FindStringSubmatch(name)
	if parts == nil {
		return "", "", false
	}
	return parts[1], parts[2], true
}

// check applies the rules of both names, and of one to the other.
func (s Side) check() error {
	if err := CheckRegion(s.Region); err != nil {
		return err
	}
	if err := s.CheckBucket(); err != nil {
		return err
	}
	_, region, regional := RegionalName(s.Bucket)
	switch {
	case !regional:
		return nil
	case region != s.Region:
		return fmt.Errorf("bucket name %q is one of %s by its ending, but the side is in %s", s.Bucket, region, s.Region)
	case region == "me-south-1", region == "me-central-1":
		return fmt.Errorf("bucket name %q: %s has no names of an account's own", s.Bucket, region)
	}
	return nil
}

// CheckRegion says whether a region's name has the shape of one. Whether the
// region exists and is enabled is the survey's concern.
func CheckRegion(region string) error {
	if region == "" {
		return fmt.Errorf("a region is missing, such as eu-west-1")
	}
	if !regionShape().MatchString(region) {
		return fmt.Errorf("%q is not the name of an AWS region, such as eu-west-1", clip(region))
	}
	return nil
}

// PartitionOf derives the partition from a region's name, as the SDK's
// partition table does by its patterns.
func PartitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	case strings.HasPrefix(region, "eusc-"):
		return "aws-eusc"
	case strings.HasPrefix(region, "us-iso-"):
		return "aws-iso"
	case strings.HasPrefix(region, "us-isob-"):
		return "aws-iso-b"
	case strings.HasPrefix(region, "eu-isoe-"):
		return "aws-iso-e"
	case strings.HasPrefix(region, "us-isof-"), strings.HasPrefix(region, "eu-isof-"):
		return "aws-iso-f"
	}
	return "aws"
}

// DNSSuffix ends the names of the services of a region, by its partition.
func DNSSuffix(region string) string {
	switch PartitionOf(region) {
	case "aws-cn":
		return "amazonaws.com.cn"
	case "aws-eusc":
		return "amazonaws.eu"
	}
	return "amazonaws.com"
}

// BucketARN is the ARN of a side's bucket, with the partition of its region.
func (s Side) BucketARN() string { return "arn:" + PartitionOf(s.Region) + ":s3:::" + s.Bucket }

func alphanumeric(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

// clip keeps a refused value short enough for one line of a message.
func clip(text string) string {
	const most = 80
	runes := []rune(text)
	if len(runes) <= most {
		return text
	}
	return string(runes[:most]) + "…"
}

// CheckPrefix says whether a text can be the beginning of object keys: valid
// UTF-8 without control characters (which XML 1.0, S3's format, can't carry),
// and short enough to leave room for keys of up to 1,024 bytes.
func CheckPrefix(prefix string) error {
	const most = 512
	if len(prefix) > most {
		return fmt.Errorf("the prefix has %d bytes: at most %d", len(prefix), most)
	}
	for _, r := range prefix {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r >= '\uFFFD' && r <= '\uFFFF' {
			return fmt.Errorf("the prefix %q holds a character that S3's XML cannot carry", clip(prefix))
		}
	}
	return nil
}
