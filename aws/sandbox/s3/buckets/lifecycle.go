package buckets

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/replicate/rules"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/store"
	"bothways/aws/sandbox/xmltree"
)

// checkLifecycle checks a lifecycle configuration against S3's rules and gives an id
// to rules without one (S3 API Reference, PutBucketLifecycleConfiguration).
// The configuration is stored and returned; nothing expires here.
func checkLifecycle(root *xmltree.Node, _ *store.Bucket) error {
	nodes := root.All("Rule")
	if len(nodes) == 0 || len(nodes) != len(root.Children) || len(nodes) > 1000 {
		return request.MalformedXML()
	}
	ids := map[string]bool{}
	for _, rule := range nodes {
		id := rule.Value("ID")
		switch status := rule.Value("Status"); {
		case status != "Enabled" && status != "Disabled":
			return request.MalformedXML()
		case (rule.Child("Filter") == nil) == (rule.Child("Prefix") == nil):
			return request.MalformedXML() // exactly one of the two schemas
		case len(id) > 255:
			return request.InvalidArgument("ID length should not exceed allowed limit of 255", "", "")
		case id != "" && ids[id]:
			return request.InvalidArgument("Rule ID must be unique. Found same ID for more than one rule", "", "")
		}
		ids[id] = true
		if err := rules.CheckFilterTags(rule.Child("Filter")); err != nil {
			return err
		}
		if err := checkLifecycleActions(rule); err != nil {
			return err
		}
		if id == "" {
			named := xmltree.Leaf("ID", rules.NewID())
			rule.Children = slices.DeleteFunc(rule.Children, func(n *xmltree.Node) bool { return n.Name == "ID" })
			rule.Children = slices.Insert(rule.Children, 0, named)
		}
	}
	return nil
}

// checkLifecycleActions checks that a rule does something, at a time that is
// one.
func checkLifecycleActions(rule *xmltree.Node) error {
	actions := 0
	for _, action := range rule.Children {
		switch action.Name {
		case "Expiration", "Transition", "NoncurrentVersionExpiration", "NoncurrentVersionTransition",
			"AbortIncompleteMultipartUpload":
			actions++
		default:
			continue
		}
		for _, when := range action.Children {
			switch text := action.Value(when.Name); when.Name {
			case "Days", "NoncurrentDays", "DaysAfterInitiation", "NewerNoncurrentVersions":
				n, err := strconv.ParseInt(text, 10, 32)
				switch {
				case err != nil:
					return request.MalformedXML()
				case n < 0 || n == 0 && action.Name != "Transition":
					return request.InvalidArgument("'"+when.Name+"' for "+action.Name+" action must be a positive integer", "", "")
				}
			case "Date":
				date, err := time.Parse(time.RFC3339, text)
				if err != nil {
					return request.MalformedXML()
				}
				if !date.Truncate(24 * time.Hour).Equal(date) {
					return request.InvalidArgument("'Date' must be at midnight GMT", "", "")
				}
			}
		}
	}
	if actions == 0 {
		return refusal.New(http.StatusBadRequest, "InvalidRequest", "At least one action needs to be specified in a rule.")
	}
	return nil
}

// transitionSize is the header that says from which size on objects change their
// storage class, and the setting that keeps it (S3 API Reference,
// PutBucketLifecycleConfiguration).
const transitionSize = "X-Amz-Transition-Default-Minimum-Object-Size"

// keepTransitionSize keeps what the request says of the size, and sends it back.
func keepTransitionSize(c *request.Call) error {
	size := c.R.Header.Get(transitionSize)
	switch size {
	case "", "all_storage_classes_128K", "varies_by_storage_class":
	default:
		return request.InvalidRequest("Invalid " + strings.ToLower(transitionSize) + " header: " + size)
	}
	c.Bucket.SetSetting(transitionSize, []byte(size))
	setTransitionSize(c)
	return nil
}

func setTransitionSize(c *request.Call) {
	size, _ := c.Bucket.Setting(transitionSize)
	if len(size) == 0 {
		size = []byte("all_storage_classes_128K")
	}
	c.W.Header().Set(transitionSize, string(size))
}

// checkCORS checks a CORS configuration against its schema.
func checkCORS(root *xmltree.Node, _ *store.Bucket) error {
	rules := root.All("CORSRule")
	if len(rules) == 0 || len(rules) != len(root.Children) || len(rules) > 100 {
		return request.MalformedXML()
	}
	for _, rule := range rules {
		if rule.Child("AllowedOrigin") == nil || rule.Child("AllowedMethod") == nil {
			return request.MalformedXML()
		}
		for _, method := range rule.All("AllowedMethod") {
			if !slices.Contains(corsMethods, method.Text) {
				return request.InvalidRequest("Found unsupported HTTP method in CORS config. Unsupported method is " + method.Text)
			}
		}
	}
	return nil
}
