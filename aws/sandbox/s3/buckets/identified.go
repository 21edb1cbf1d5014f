package buckets

import (
	"net/http"
	"slices"

	"bothways/aws/sandbox/refusal"
	"bothways/aws/sandbox/s3/request"
	"bothways/aws/sandbox/xmltree"
)

// identified is a sub-resource of which a bucket has several documents, each
// with an id. Nothing is done with most of them: whoever sets up a bucket sets
// them, too.
type identified struct {
	name     string // between the verb and "Configuration" in the names of operations
	root     string // of a document
	list     string // the root of a list
	action   string // after the verb
	required []string
	optional []string
	repeated []string // may stand there several times
	check    func(*xmltree.Node) error
	// changed is told of a document that was put or deleted.
	changed func(c *request.Call, id string)
}

// Identified are those sub-resources. Without an id GET lists them.
var Identified = map[string]identified{
	"analytics": {
		name: "BucketAnalytics", root: "AnalyticsConfiguration", list: "ListBucketAnalyticsConfigurationResult",
		action: "AnalyticsConfiguration", required: []string{"Id", "StorageClassAnalysis"}, optional: []string{"Filter"},
	},
	"intelligent-tiering": {
		name: "BucketIntelligentTiering", root: "IntelligentTieringConfiguration", list: "ListBucketIntelligentTieringConfigurationsOutput",
		action: "IntelligentTieringConfiguration", required: []string{"Id", "Status", "Tiering"}, optional: []string{"Filter"},
		repeated: []string{"Tiering"},
	},
	"inventory": {
		name: "BucketInventory", root: "InventoryConfiguration", list: "ListInventoryConfigurationsResult",
		action:   "InventoryConfiguration",
		required: []string{"Id", "Destination", "IsEnabled", "IncludedObjectVersions", "Schedule"}, optional: []string{"Filter", "OptionalFields"},
		check: checkInventory, changed: func(c *request.Call, id string) { c.Backend.Inventory.Changed(c.Bucket, id) },
	},
	"metrics": {
		name: "BucketMetrics", root: "MetricsConfiguration", list: "ListMetricsConfigurationsResult",
		action: "MetricsConfiguration", required: []string{"Id"}, optional: []string{"Filter"},
	},
}

// maxIdentified is how many documents of a kind a bucket may have, and pageOf
// how many a list has (S3 API Reference, PutBucketInventoryConfiguration and
// ListBucketInventoryConfigurations).
const (
	maxIdentified = 1000
	pageOf        = 100
)

// addTo adds the operations of the sub-resource.
func (k identified) addTo(all map[string]request.Operation, sub string) {
	get, put := "s3:Get"+k.action, "s3:Put"+k.action
	all["GET bucket "+sub] = request.Operation{Name: "Get" + k.name + "Configuration", Action: get, Serve: func(c *request.Call) error { return k.get(c, sub) }}
	all["LIST bucket "+sub] = request.Operation{Name: "List" + k.name + "Configurations", Action: get, Serve: func(c *request.Call) error { return k.all(c, sub) }}
	all["PUT bucket "+sub] = request.Operation{Name: "Put" + k.name + "Configuration", Action: put, Serve: func(c *request.Call) error { return k.put(c, sub) }}
	all["DELETE bucket "+sub] = request.Operation{Name: "Delete" + k.name + "Configuration", Action: put, Serve: func(c *request.Call) error { return k.remove(c, sub) }}
}

func noConfiguration() *refusal.Error {
	return refusal.New(http.StatusNotFound, "NoSuchConfiguration", "The specified configuration does not exist.")
}

func (identified) get(c *request.Call, sub string) error {
	doc, found := c.Bucket.Setting(sub + "/" + c.Query.Get("id"))
	if !found {
		return noConfiguration()
	}
	return c.Bytes("application/xml", doc)
}

func (k identified) put(c *request.Call, sub string) error {
	root, err := c.ReadXML(k.root, request.MissingBody())
	if err != nil {
		return err
	}
	if !root.Only(k.repeated, append(slices.Clone(k.required), k.optional...)...) {
		return request.MalformedXML()
	}
	for _, name := range k.required {
		if root.Child(name) == nil {
			return request.MalformedXML()
		}
	}
	id := c.Query.Get("id")
	if root.Value("Id") != id || id == "" {
		return refusal.New(http.StatusBadRequest, "IdMismatch", "Document ID does not match the specified configuration ID.")
	}
	if k.check != nil {
		if err := k.check(root); err != nil {
			return err
		}
	}
	if _, there := c.Bucket.Setting(sub + "/" + id); !there && len(c.Bucket.SettingsOf(sub)) >= maxIdentified {
		return refusal.New(http.StatusBadRequest, "TooManyConfigurations",
			"You are attempting to create a new configuration but have already reached the 1,000-configuration limit.")
	}
	c.Bucket.SetSetting(sub+"/"+id, root.Document())
	if k.changed != nil {
		k.changed(c, id)
	}
	return c.Empty(http.StatusOK)
}

func (k identified) remove(c *request.Call, sub string) error {
	name := sub + "/" + c.Query.Get("id")
	if _, found := c.Bucket.Setting(name); !found {
		return noConfiguration()
	}
	c.Bucket.SetSetting(name, nil)
	if k.changed != nil {
		k.changed(c, c.Query.Get("id"))
	}
	return c.Empty(http.StatusNoContent)
}

func (k identified) all(c *request.Call, sub string) error {
	after := c.Query.Get("continuation-token")
	page, truncated, last := []*xmltree.Node{}, false, ""
	for _, id := range c.Bucket.SettingsOf(sub) {
		if id <= after {
			continue
		}
		if len(page) == pageOf {
			truncated = true
			break
		}
		doc, _ := c.Bucket.Setting(sub + "/" + id)
		if tree, err := xmltree.Parse(doc); err == nil { // what is stored was parsed before
			page, last = append(page, tree), id
		}
	}
	answer := xmltree.Of(k.list, page...)
	if after != "" {
		answer.Children = append(answer.Children, xmltree.Leaf("ContinuationToken", after))
	}
	if truncated {
		answer.Children = append(answer.Children, xmltree.Leaf("IsTruncated", "true"), xmltree.Leaf("NextContinuationToken", last))
	} else {
		answer.Children = append(answer.Children, xmltree.Leaf("IsTruncated", "false"))
	}
	return c.Tree(answer)
}
