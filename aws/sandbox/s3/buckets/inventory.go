package buckets

import (
	"net/http"
	"regexp"
	"slices"
	"sync"

	"bothways/aws/sandbox/inventory"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/xmltree"
)

// bucketARN is how the destination of an inventory is written.
var bucketARN = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^arn:aws[a-z-]*:s3:::[^/:*]+$`) })

// checkInventory checks an inventory's configuration (S3 API Reference,
// InventoryConfiguration). Whether the destination is there, is in the same
// region and takes lists shows only when they come.
func checkInventory(root *xmltree.Node) error {
	to := root.Child("Destination").Child("S3BucketDestination")
	oneOf := func(value string, values ...string) bool { return slices.Contains(values, value) }
	switch {
	case !oneOf(root.Value("IsEnabled"), "true", "false"),
		!oneOf(root.Value("IncludedObjectVersions"), "All", "Current"),
		!oneOf(root.Child("Schedule").Value("Frequency"), "Daily", "Weekly"),
		!onlyOf(root.Child("Filter"), "Prefix"),
		to == nil, !onlyOf(to, "AccountId", "Bucket", "Format", "Prefix", "Encryption"),
		!oneOf(to.Value("Format"), "CSV", "ORC", "Parquet"):
		return request.MalformedXML()
	}
	if optional := root.Child("OptionalFields"); optional != nil {
		for _, f := range optional.Children {
			if f.Name != "Field" || !inventory.Optional(f.Text) {
				return request.MalformedXML()
			}
		}
	}
	if encryption := to.Child("Encryption"); encryption != nil {
		key := encryption.Child("SSE-KMS")
		if !encryption.Only(nil, "SSE-S3", "SSE-KMS") || len(encryption.Children) != 1 || key != nil && key.Value("KeyId") == "" {
			return request.MalformedXML()
		}
	}
	if !bucketARN().MatchString(to.Value("Bucket")) {
		return refusal.New(http.StatusBadRequest, "InvalidS3DestinationBucket", "Invalid bucket name.")
	}
	return nil
}
