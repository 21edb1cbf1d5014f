package buckets

import (
	"errors"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"

	"bothways/aws/sandbox/distance"
	"bothways/aws/sandbox/iam"
	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

func createBucket(c *request.Call) error {
	if !ValidName(c.BucketName) {
		return refusal.New(http.StatusBadRequest, "InvalidBucketName", "The specified bucket is not valid.",
			refusal.With("BucketName", c.BucketName))
	}
	region := c.Caller.Region
	if _, _, endpoint := request.Address(c.R); endpoint != "" {
		region = endpoint
	}
	doc, err := c.ReadDocument()
	if err != nil {
		return err
	}
	constraint, tags, err := readCreation(doc, region, request.Global(c.R, c.Caller.Region))
	if err != nil {
		return err
	}
	switch constraint {
	case "":
	case oldIreland:
		region = "eu-west-1"
	default:
		region = constraint // which is another one at the global endpoint alone
	}
	if err := checkNamespace(c, region); err != nil {
		return err
	}
	ownership := c.R.Header.Get("X-Amz-Object-Ownership")
	if ownership == "" {
		ownership = Enforced
	}
	if !slices.Contains([]string{Enforced, "BucketOwnerPreferred", "ObjectWriter"}, ownership) {
		return request.InvalidArgument("Invalid x-amz-object-ownership header: "+ownership, "x-amz-object-ownership", ownership)
	}
	grants, err := aclOfBucket(c, ownership)
	if err != nil {
		return err
	}
	if err := mayCreate(c, len(tags) > 0); err != nil {
		return err
	}
	if _, taken := c.Backend.Store.Bucket(c.BucketName); !taken &&
		len(c.Backend.Store.Owned(c.Caller.Identity.AccountID)) >= c.Backend.Quota {
		return refusal.New(http.StatusBadRequest, "TooManyBuckets", "You have attempted to create more buckets than allowed")
	}
	b, err := c.Backend.Store.Create(c.BucketName, region, c.Caller.Identity.AccountID)
	if errors.Is(err, store.ErrBucketExists) {
		return createAgain(c, b, region, tags)
	}
	if err != nil {
		return err
	}
	b.SetTags(tags)
	if constraint == oldIreland {
		b.SetSetting("location", locationDocument(constraint))
	}
	Equip(b, ownership)
	if grants != nil {
		b.SetSetting("acl", aclOf(b.Owner, grants).Document())
	}
	if wantsLock(c) {
		if err := b.SetVersioning(store.Enabled); err != nil {
			return err
		}
		b.SetSetting("object-lock", lockDocument())
	}
	return created(c, b, region)
}

func wantsLock(c *request.Call) bool {
	return strings.EqualFold(c.R.Header.Get("X-Amz-Bucket-Object-Lock-Enabled"), "true")
}

// mayCreate asks for the rights that parts of a creation need besides
// s3:CreateBucket (S3 API Reference, CreateBucket, Permissions).
func mayCreate(c *request.Call, tagged bool) error {
	for _, right := range []struct {
		needed bool
		action string
	}{
		{tagged, "s3:TagResource"},
		{wantsLock(c), "s3:PutBucketObjectLockConfiguration"},
		{wantsLock(c), "s3:PutBucketVersioning"},
		{c.R.Header.Get("X-Amz-Object-Ownership") != "", "s3:PutBucketOwnershipControls"},
		{hasACLHeader(c), "s3:PutBucketAcl"},
	} {
		if !right.needed {
			continue
		}
		if err := c.Allowed(right.action, "arn:aws:s3:::"+c.BucketName, saidOfBucket(c)); err != nil {
			return err
		}
	}
	return nil
}

// saidOfBucket is what the body of a creation says to conditions: the region and
// the tags (Service Authorization Reference, Actions defined by Amazon S3).
func saidOfBucket(c *request.Call) map[string]string {
	doc, _ := c.ReadDocument()
	root, err := xmltree.Parse(doc)
	if err != nil {
		return nil
	}
	said := map[string]string{}
	if constraint := root.Value("LocationConstraint"); constraint != "" {
		said["s3:locationconstraint"] = constraint
	}
	var keys []string
	if list := root.Child("Tags"); list != nil {
		tags, _ := request.ReadTagNodes(list, 50) // refused later, if at all
		for _, tag := range tags {
			said["aws:RequestTag/"+tag.Key] = tag.Value
			keys = append(keys, tag.Key)
		}
	}
	if keys != nil {
		said["aws:TagKeys"] = strings.Join(keys, iam.Several)
	}
	return said
}

func created(c *request.Call, b *store.Bucket, region string) error {
	location := "http://" + b.Name + ".s3.amazonaws.com/"
	if region == "us-east-1" || isAccountRegional(b.Name) {
		location = "/" + b.Name
	}
	c.Set("Location", location)
	c.Set("X-Amz-Bucket-Arn", b.ARN())
	return c.Empty(http.StatusOK)
}

// createAgain answers for a name that is taken. In us-east-1 creating one's
// own bucket again succeeds for compatibility, unless the request has tags
// (S3 API Reference, CreateBucket) or the name is of the account-regional
// namespace.
func createAgain(c *request.Call, b *store.Bucket, region string, tags []store.Tag) error {
	if b.Owner != c.Caller.Identity.AccountID {
		return refusal.New(http.StatusConflict, "BucketAlreadyExists",
			"The requested bucket name is not available. The bucket namespace is shared by all users of the system. "+
				"Please select a different name and try again.", refusal.With("BucketName", b.Name))
	}
	if b.Region == "us-east-1" && region == "us-east-1" && len(tags) == 0 && !isAccountRegional(b.Name) {
		return created(c, b, region)
	}
	return refusal.New(http.StatusConflict, "BucketAlreadyOwnedByYou",
		"Your previous request to create the named bucket succeeded and you already own it.",
		refusal.With("BucketName", b.Name))
}

// oldIreland is the location constraint of eu-west-1 from before it had that
// name. A bucket made with it is reported to be there (S3 API Reference,
// GetBucketLocation).
const oldIreland = "EU"

// readCreation reads a CreateBucketConfiguration and holds its location
// constraint to the region of the endpoint.
func readCreation(doc []byte, region string, global bool) (constraint string, tags []store.Tag, err error) {
	root := &xmltree.Node{}
	if len(strings.TrimSpace(string(doc))) > 0 {
		parsed, err := xmltree.Parse(doc)
		if err != nil || parsed.Name != "CreateBucketConfiguration" ||
			!parsed.Only(nil, "LocationConstraint", "Tags", "Location", "Bucket") {
			return "", nil, request.MalformedXML()
		}
		root = parsed
	}
	if root.Child("Location") != nil {
		return "", nil, request.NotImplemented("Location") // directory buckets
	}
	constraint = root.Value("LocationConstraint")
	if err := checkLocation(root.Child("LocationConstraint"), constraint, region, global); err != nil {
		return "", nil, err
	}
	if root.Child("Tags") == nil {
		return constraint, nil, nil
	}
	tags, err = request.ReadTagNodes(root.Child("Tags"), 50)
	return constraint, tags, err
}

// checkLocation refuses a bucket for another region than the endpoint's. The
// global endpoint makes buckets in every region that it serves.
func checkLocation(given *xmltree.Node, constraint, region string, global bool) error {
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
	if constraint == region || constraint == oldIreland && region == "eu-west-1" ||
		global && (constraint == oldIreland || distance.OnByDefault(constraint)) {
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

// checkNamespace checks names of the account-regional namespace against their form
// (S3 User Guide, Namespaces for general purpose buckets).
func checkNamespace(c *request.Call, region string) error {
	suffix := "-" + c.Caller.Identity.AccountID + "-" + region + "-an"
	namespace := c.R.Header.Get("X-Amz-Bucket-Namespace")
	switch namespace {
	case "", "global":
		if !isAccountRegional(c.BucketName) {
			return nil
		}
	case "account-regional":
		if strings.HasSuffix(c.BucketName, suffix) && len(c.BucketName) > len(suffix) && !slices.Contains(globalOnly, region) {
			return nil
		}
	}
	return refusal.New(http.StatusBadRequest, "InvalidBucketName", "The specified bucket is not valid.",
		refusal.With("BucketName", c.BucketName))
}

var bucketName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`) })

// ValidName says whether a bucket can have a name. It follows the S3 User Guide, General purpose bucket naming
// rules.
func ValidName(name string) bool {
	if !bucketName().MatchString(name) {
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
