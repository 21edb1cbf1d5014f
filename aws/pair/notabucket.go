package pair

import (
	"fmt"
	"strings"
)

// The advice for what has the shape of a bucket's name, or stands where one
// can, and is something else. S3 takes replication configurations on general
// purpose buckets only (S3 User Guide, "What does Amazon S3 replicate?" and
// "Differences for directory buckets").
const (
	behindAccessPoint = "give the bucket behind it (%s shows it)"
	generalOnly       = "S3 replicates between general purpose buckets only"
)

// kinds are what S3 gives names that end so, or ARNs with such a middle. The
// first that fits counts.
var kinds = []struct {
	end, arn string
	what     string
	instead  string
}{
	{"--xa-s3", ":s3express:accesspoint", "an access point of a directory bucket", "a directory bucket cannot replicate: give a general purpose bucket"},
	{"--x-s3", ":s3express:", "a directory bucket (S3 Express One Zone)", "give a general purpose bucket, and copy from the one to the other where that is what you want"},
	{"--ol-s3", ":s3-object-lambda:", "an Object Lambda access point", fmt.Sprintf(behindAccessPoint, "aws s3control get-access-point-configuration-for-object-lambda names its access point, and get-access-point")},
	{"--op-s3", ":s3-outposts:", "an access point or a bucket of S3 on Outposts", "Outposts replicate by rules of their own, between Outposts: give a general purpose bucket of a region"},
	{"--table-s3", ":s3tables:", "a table bucket's storage (S3 Tables)", "table buckets replicate their tables by settings of their own: give a general purpose bucket"},
	{".mrap", ".mrap", "a Multi-Region Access Point", "give two of the buckets behind it, one for each side (aws s3control get-multi-region-access-point shows them)"},
	{"-ext-s3alias", "", "an access point of a file system or another store", "there is no bucket behind it: give a general purpose bucket"},
	{"-s3alias", ":accesspoint", "an access point", fmt.Sprintf(behindAccessPoint, "aws s3control get-access-point")},
	{"", ":s3vectors:", "a vector bucket (S3 Vectors)", "give a general purpose bucket"},
}

// notABucket says what a text is that stands for a bucket and is none, or nil.
func notABucket(text string) error {
	if arn, is := strings.CutPrefix(text, "arn:"); is {
		return notABucketARN(text, arn)
	}
	for _, kind := range kinds {
		if kind.end != "" && strings.HasSuffix(text, kind.end) {
			return fmt.Errorf("%q ends with %s and so names %s: %s, so %s", clip(text), kind.end, kind.what, generalOnly, kind.instead)
		}
	}
	for _, scheme := range []string{"s3://", "http://", "https://"} {
		if rest, is := strings.CutPrefix(strings.ToLower(text), scheme); is {
			name, _, _ := strings.Cut(text[len(scheme):], "/")
			if scheme != "s3://" {
				name, _, _ = strings.Cut(name, ".s3")
			}
			if name == "" || rest == "" {
				name = "my-bucket"
			}
			return fmt.Errorf("%q is an address: give the bucket's region and plain name, such as eu-west-1/%s", clip(text), clip(name))
		}
	}
	return nil
}

// notABucketARN says so of arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE.
func notABucketARN(text, arn string) error {
	parts := strings.SplitN(arn, ":", 5)
	if len(parts) < 5 {
		return fmt.Errorf("%q is an ARN, and not a whole one: give the bucket's plain name", clip(text))
	}
	service, resource := parts[1], parts[4]
	for _, kind := range kinds {
		if kind.arn != "" && strings.Contains(":"+service+":"+resource, kind.arn) {
			return fmt.Errorf("%q is the ARN of %s: %s, so %s", clip(text), kind.what, generalOnly, kind.instead)
		}
	}
	if name, _, _ := strings.Cut(resource, "/"); service == "s3" && name != "" && name != "*" {
		return fmt.Errorf("%q is an ARN: give the bucket's plain name, %s", clip(text), clip(name))
	}
	return fmt.Errorf("%q is an ARN of %s: give the plain name of a general purpose bucket", clip(text), clip(service))
}
