package s3

import (
	"errors"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"bothways/aws/sandbox/distance"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

func (c *call) createBucket() error {
	if !validBucketName(c.bucketName) {
		return refusal.New(http.StatusBadRequest, "InvalidBucketName", "The specified bucket is not valid.",
			refusal.With("BucketName", c.bucketName))
	}
	region := c.caller.Region
	if _, _, endpoint := Address(c.r); endpoint != "" {
		region = endpoint
	}
	doc, err := c.readDocument()
	if err != nil {
		return err
	}
	constraint, tags, err := readCreation(doc, region)
	if err != nil {
		return err
	}
	if err := c.checkNamespace(region); err != nil {
		return err
	}
	ownership := c.r.Header.Get("X-Amz-Object-Ownership")
	if ownership == "" {
		ownership = "BucketOwnerEnforced"
	}
	if !slices.Contains([]string{"BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"}, ownership) {
		return invalidArgument("Invalid x-amz-object-ownership header: "+ownership, "x-amz-object-ownership", ownership)
	}
	if acl := c.r.Header.Get("X-Amz-Acl"); acl != "" && !slices.Contains(cannedACLs, acl) {
		return invalidArgument("", "x-amz-acl", acl)
	} else if acl != "" && acl != "private" && ownership == "BucketOwnerEnforced" {
		return refusal.New(http.StatusBadRequest, "InvalidBucketAclWithObjectOwnership",
			"Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
	}
	if err := c.mayCreate(len(tags) > 0); err != nil {
		return err
	}
	if _, taken := c.api.Store.Bucket(c.bucketName); !taken &&
		len(c.api.Store.Owned(c.caller.Identity.AccountID)) >= c.api.Quota {
		return refusal.New(http.StatusBadRequest, "TooManyBuckets", "You have attempted to create more buckets than allowed")
	}
	b, err := c.api.Store.Create(c.bucketName, region, c.caller.Identity.AccountID)
	if errors.Is(err, store.ErrBucketExists) {
		return c.createAgain(b, region, tags)
	}
	if err != nil {
		return err
	}
	b.SetTags(tags)
	if constraint == oldIreland {
		b.SetSetting("location", locationDocument(constraint))
	}
	b.SetSetting("ownershipControls", ownershipDocument(ownership))
	b.SetSetting("publicAccessBlock", publicAccessBlockDocument())
	b.SetSetting("encryption", encryptionDocument())
	if c.wantsLock() {
		if err := b.SetVersioning(store.Enabled); err != nil {
			return err
		}
		b.SetSetting("object-lock", lockDocument())
	}
	return c.created(b, region)
}

func (c *call) wantsLock() bool {
	return strings.EqualFold(c.r.Header.Get("X-Amz-Bucket-Object-Lock-Enabled"), "true")
}

// mayCreate asks for the rights that parts of a creation need besides
// s3:CreateBucket (S3 API Reference, CreateBucket, Permissions).
func (c *call) mayCreate(tagged bool) error {
	acl := c.r.Header.Get("X-Amz-Acl")
	for _, right := range []struct {
		needed bool
		action string
	}{
		{tagged, "s3:TagResource"},
		{c.wantsLock(), "s3:PutBucketObjectLockConfiguration"},
		{c.wantsLock(), "s3:PutBucketVersioning"},
		{c.r.Header.Get("X-Amz-Object-Ownership") != "", "s3:PutBucketOwnershipControls"},
		{acl != "" && acl != "private", "s3:PutBucketAcl"},
	} {
		if !right.needed {
			continue
		}
		if err := c.allowed(right.action, "arn:aws:s3:::"+c.bucketName, nil); err != nil {
			return err
		}
	}
	return nil
}

func (c *call) created(b *store.Bucket, region string) error {
	location := "http://" + b.Name + ".s3.amazonaws.com/"
	if region == "us-east-1" || isAccountRegional(b.Name) {
		location = "/" + b.Name
	}
	c.set("Location", location)
	c.set("X-Amz-Bucket-Arn", b.ARN())
	return c.empty(http.StatusOK)
}

// createAgain answers for a name that is taken. In us-east-1 creating one's
// own bucket again succeeds for compatibility, unless the request has tags
// (S3 API Reference, CreateBucket) or the name is of the account-regional
// namespace.
func (c *call) createAgain(b *store.Bucket, region string, tags []store.Tag) error {
	if b.Owner != c.caller.Identity.AccountID {
		return refusal.New(http.StatusConflict, "BucketAlreadyExists",
			"The requested bucket name is not available. The bucket namespace is shared by all users of the system. "+
				"Please select a different name and try again.", refusal.With("BucketName", b.Name))
	}
	if b.Region == "us-east-1" && region == "us-east-1" && len(tags) == 0 && !isAccountRegional(b.Name) {
		return c.created(b, region)
	}
	return refusal.New(http.StatusConflict, "BucketAlreadyOwnedByYou",
		"Your previous request to create the named bucket succeeded and you already own it.",
		refusal.With("BucketName", b.Name))
}

// oldIreland is the location constraint of eu-west-1 from before it had that
// name. A bucket made with it is told to lie there (S3 API Reference,
// GetBucketLocation).
const oldIreland = "EU"

// readCreation reads a CreateBucketConfiguration and holds its location
// constraint to the region of the endpoint.
func readCreation(doc []byte, region string) (constraint string, tags []store.Tag, err error) {
	root := &xmltree.Node{}
	if len(strings.TrimSpace(string(doc))) > 0 {
		parsed, err := xmltree.Parse(doc)
		if err != nil || parsed.Name != "CreateBucketConfiguration" ||
			!parsed.Only(nil, "LocationConstraint", "Tags", "Location", "Bucket") {
			return "", nil, malformedXML()
		}
		root = parsed
	}
	if root.Child("Location") != nil {
		return "", nil, notImplemented("Location") // directory buckets
	}
	constraint = root.Value("LocationConstraint")
	if err := checkLocation(root.Child("LocationConstraint"), constraint, region); err != nil {
		return "", nil, err
	}
	if root.Child("Tags") == nil {
		return constraint, nil, nil
	}
	tags, err = readTagNodes(root.Child("Tags"), 50)
	return constraint, tags, err
}

func checkLocation(given *xmltree.Node, constraint, region string) error {
	invalid := refusal.New(http.StatusBadRequest, "InvalidLocationConstraint",
		"The specified location-constraint is not valid", refusal.With("LocationConstraint", constraint))
	if region == "us-east-1" {
		switch {
		case given == nil:
			return nil
		case constraint == "us-east-1" || constraint != oldIreland && !distance.Known(constraint):
			return invalid
		}
	}
	if constraint == region || constraint == oldIreland && region == "eu-west-1" {
		return nil
	}
	if given == nil || constraint == "" {
		constraint = "unspecified"
	} else if constraint != oldIreland && !distance.Known(constraint) {
		return invalid
	}
	return refusal.New(http.StatusBadRequest, "IllegalLocationConstraintException",
		"The "+constraint+" location constraint is incompatible for the region specific endpoint this request was sent to.")
}

// globalOnly are the regions without an account-regional namespace (S3 User
// Guide, Namespaces for general purpose buckets).
var globalOnly = []string{"me-south-1", "me-central-1"}

// isAccountRegional says whether a bucket's name is of the account-regional
// namespace, which alone may have that ending.
func isAccountRegional(name string) bool { return strings.HasSuffix(name, "-an") }

// checkNamespace holds names of the account-regional namespace to their form
// (S3 User Guide, Namespaces for general purpose buckets).
func (c *call) checkNamespace(region string) error {
	suffix := "-" + c.caller.Identity.AccountID + "-" + region + "-an"
	namespace := c.r.Header.Get("X-Amz-Bucket-Namespace")
	switch namespace {
	case "", "global":
		if !isAccountRegional(c.bucketName) {
			return nil
		}
	case "account-regional":
		if strings.HasSuffix(c.bucketName, suffix) && len(c.bucketName) > len(suffix) && !slices.Contains(globalOnly, region) {
			return nil
		}
	}
	return refusal.New(http.StatusBadRequest, "InvalidBucketName", "The specified bucket is not valid.",
		refusal.With("BucketName", c.bucketName))
}

var bucketName = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// validBucketName follows the S3 User Guide, General purpose bucket naming
// rules.
func validBucketName(name string) bool {
	if !bucketName.MatchString(name) {
		return false
	}
	// Between dots, as between the ends, names are labels of DNS.
	for _, pair := range []string{"..", ".-", "-."} {
		if strings.Contains(name, pair) {
			return false
		}
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return false
	}
	for _, prefix := range []string{"xn--", "sthree-", "amzn-s3-demo-"} {
		if strings.HasPrefix(name, prefix) {
			return false
		}
	}
	for _, suffix := range []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"} {
		if strings.HasSuffix(name, suffix) {
			return false
		}
	}
	return true
}
