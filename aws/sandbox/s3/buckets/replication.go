package buckets

import (
	"net/http"
	"regexp"
	"strings"
	"sync"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/replicate/rules"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
)

func getReplication(c *request.Call) error {
	configuration := c.Backend.Engine.ShownConfiguration(c.Bucket)
	if configuration == nil {
		return refusal.New(http.StatusNotFound, "ReplicationConfigurationNotFoundError",
			"The replication configuration was not found", refusal.With("BucketName", c.BucketName))
	}
	return c.Bytes("application/xml", configuration.Document())
}

func deleteReplication(c *request.Call) error {
	c.Bucket.SetReplication(nil)
	return c.Empty(http.StatusNoContent)
}

// putReplication checks in the order that S3 does: the role's form, the right
// to pass it, the source's versioning, the rules, the destinations. Whether
// the role exists or may do anything is not checked.
func putReplication(c *request.Call) error {
	doc, err := c.ReadDocument()
	if err != nil {
		return err
	}
	configuration, err := rules.Parse(doc)
	if err != nil {
		return err
	}
	if err := checkRole(c, configuration.Role); err != nil {
		return err
	}
	unversioned := request.InvalidRequest("Versioning must be 'Enabled' on the bucket to apply a replication configuration")
	if c.Bucket.VersioningSeen() != store.Enabled {
		return unversioned
	}
	if err := configuration.Check(c.BucketName); err != nil {
		return err
	}
	for _, rule := range configuration.Rules {
		if rule.Destination.TimeControl && strings.HasPrefix(c.Bucket.Region, "us-gov-") {
			return request.InvalidRequest("S3 RTC is not supported in this AWS Region")
		}
		if rule.Destination.Partition != c.Bucket.Partition() {
			return request.InvalidArgument("Invalid bucket ARN", "", "")
		}
		destination, found := c.Backend.Store.Bucket(rule.Destination.Bucket)
		if !found {
			return request.InvalidRequest("Destination bucket must exist.")
		}
		if destination.VersioningSeen() != store.Enabled {
			return request.InvalidRequest("Destination bucket must have versioning enabled.")
		}
	}
	if !c.Bucket.SetReplication(configuration) {
		return unversioned
	}
	return c.Empty(http.StatusOK)
}

var roleARN = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^arn:(aws[a-z-]*):iam::(\d{12}):(.+)$`) })

// checkRole checks the form of the role's ARN, and that the caller has the right
// to pass it to S3 (IAM User Guide, Grant a user permissions to pass a role).
func checkRole(c *request.Call, role string) error {
	match := roleARN().FindStringSubmatch(role)
	if match == nil || match[1] != c.Bucket.Partition() {
		return request.InvalidArgument("Invalid Role specified in replication configuration", "", "")
	}
	if !strings.HasPrefix(match[3], "role/") || len(match[3]) == len("role/") {
		return request.InvalidArgument("The relative id should start with role", "", "")
	}
	if match[2] != c.Bucket.Owner {
		return request.AccessDenied("")
	}
	passedTo := map[string]string{"iam:PassedToService": "s3.amazonaws.com"} //nolint:gosec // a condition key, no credential
	return c.Allowed("iam:PassRole", role, passedTo)
}
