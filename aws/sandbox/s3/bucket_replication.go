package s3

import (
	"errors"
	"net/http"
	"regexp"
	"strings"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/replicate/rules"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

func (c *call) getVersioning() error {
	answer := &xmltree.Node{Name: "VersioningConfiguration"}
	if state := c.bucket.Versioning(); state != store.NeverSet {
		answer.Children = []*xmltree.Node{{Name: "Status", Text: string(state)}}
	}
	return c.bytes("application/xml", answer.Document())
}

func (c *call) putVersioning() error {
	doc, err := c.readDocument()
	if err != nil {
		return err
	}
	root, err := xmltree.Parse(doc)
	if err != nil || root.Name != "VersioningConfiguration" || !root.Only(nil, "Status", "MfaDelete") {
		return malformedXML()
	}
	if root.Child("MfaDelete") != nil && root.Value("MfaDelete") != "Disabled" {
		return notImplemented("MfaDelete")
	}
	state := store.Versioning(root.Value("Status"))
	switch {
	case root.Child("Status") == nil:
		return refusal.New(http.StatusBadRequest, "IllegalVersioningConfigurationException",
			"The Versioning element must be specified")
	case state != store.Enabled && state != store.Suspended:
		return malformedXML()
	}
	switch err := c.bucket.SetVersioning(state); {
	case errors.Is(err, store.ErrReplicationPresent):
		return refusal.New(http.StatusConflict, "InvalidBucketState",
			"A replication configuration is present on this bucket, so you cannot change the versioning state. "+
				"To change the versioning state, first delete the replication configuration.")
	case errors.Is(err, store.ErrObjectLockPresent):
		return refusal.New(http.StatusConflict, "InvalidBucketState",
			"An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.")
	case err != nil:
		return err
	}
	return c.empty(http.StatusOK)
}

func (c *call) getReplication() error {
	configuration := c.bucket.VisibleReplication()
	if configuration == nil {
		return refusal.New(http.StatusNotFound, "ReplicationConfigurationNotFoundError",
			"The replication configuration was not found", refusal.With("BucketName", c.bucketName))
	}
	return c.bytes("application/xml", configuration.Document())
}

func (c *call) deleteReplication() error {
	c.bucket.SetReplication(nil)
	return c.empty(http.StatusNoContent)
}

// putReplication checks in the order that S3 does: the role's form, the right
// to pass it, the source's versioning, the rules, the destinations. Whether
// the role exists or may do anything is not checked.
func (c *call) putReplication() error {
	doc, err := c.readDocument()
	if err != nil {
		return err
	}
	configuration, err := rules.Parse(doc)
	if err != nil {
		return err
	}
	if err := c.checkRole(configuration.Role); err != nil {
		return err
	}
	unversioned := invalidRequest("Versioning must be 'Enabled' on the bucket to apply a replication configuration")
	if c.bucket.VersioningSeen() != store.Enabled {
		return unversioned
	}
	if err := configuration.Check(c.bucketName); err != nil {
		return err
	}
	for _, rule := range configuration.Rules {
		if rule.Destination.TimeControl && strings.HasPrefix(c.bucket.Region, "us-gov-") {
			return invalidRequest("S3 RTC is not supported in this AWS Region")
		}
		if rule.Destination.Partition != c.bucket.Partition() {
			return invalidArgument("Invalid bucket ARN", "", "")
		}
		destination, found := c.api.Store.Bucket(rule.Destination.Bucket)
		if !found {
			return invalidRequest("Destination bucket must exist.")
		}
		if destination.VersioningSeen() != store.Enabled {
			return invalidRequest("Destination bucket must have versioning enabled.")
		}
	}
	if !c.bucket.SetReplication(configuration) {
		return unversioned
	}
	return c.empty(http.StatusOK)
}

var roleARN = regexp.MustCompile(`^arn:(aws[a-z-]*):iam::(\d{12}):(.+)$`)

// checkRole holds the role to the form of an ARN and the caller to the right
// to pass it to S3 (IAM User Guide, Grant a user permissions to pass a role).
func (c *call) checkRole(role string) error {
	match := roleARN.FindStringSubmatch(role)
	if match == nil || match[1] != c.bucket.Partition() {
		return invalidArgument("Invalid Role specified in replication configuration", "", "")
	}
	if !strings.HasPrefix(match[3], "role/") || len(match[3]) == len("role/") {
		return invalidArgument("The relative id should start with role", "", "")
	}
	if match[2] != c.bucket.Owner {
		return accessDenied("")
	}
	passedTo := map[string]string{"iam:PassedToService": "s3.amazonaws.com"} //nolint:gosec // a condition key, no credential
	return c.allowed("iam:PassRole", role, passedTo)
}
