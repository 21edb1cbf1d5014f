package buckets

import (
	"errors"
	"net/http"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

func getVersioning(c *request.Call) error {
	answer := xmltree.Of("VersioningConfiguration")
	if state := c.Bucket.Versioning(); state != store.NeverSet {
		answer.Children = []*xmltree.Node{xmltree.Leaf("Status", string(state))}
	}
	return c.Tree(answer)
}

func putVersioning(c *request.Call) error {
	root, err := c.ReadXML("VersioningConfiguration", request.MalformedXML())
	if err != nil {
		return err
	}
	if !root.Only(nil, "Status", "MfaDelete") {
		return request.MalformedXML()
	}
	if root.Child("MfaDelete") != nil && root.Value("MfaDelete") != "Disabled" {
		return request.NotImplemented("MfaDelete")
	}
	state := store.Versioning(root.Value("Status"))
	switch {
	case root.Child("Status") == nil:
		return refusal.New(http.StatusBadRequest, "IllegalVersioningConfigurationException",
			"The Versioning element must be specified")
	case state != store.Enabled && state != store.Suspended:
		return request.MalformedXML()
	}
	switch err := c.Bucket.SetVersioning(state); {
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
	return c.Empty(http.StatusOK)
}
