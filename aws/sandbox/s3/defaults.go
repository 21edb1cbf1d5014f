package s3

import "bothways/aws/sandbox/xmltree"

// What a new bucket has (S3 User Guide: Default encryption FAQ, Blocking
// public access, Controlling ownership of objects, Default SSE-C setting for new
// buckets FAQ).

func publicAccessBlockDocument() []byte {
	root := &xmltree.Node{Name: "PublicAccessBlockConfiguration"}
	for _, name := range []string{"BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"} {
		root.Children = append(root.Children, &xmltree.Node{Name: name, Text: "true"})
	}
	return root.Document()
}

func encryptionDocument() []byte {
	return (&xmltree.Node{Name: "ServerSideEncryptionConfiguration", Children: []*xmltree.Node{
		{Name: "Rule", Children: []*xmltree.Node{
			{Name: "ApplyServerSideEncryptionByDefault", Children: []*xmltree.Node{{Name: "SSEAlgorithm", Text: "AES256"}}},
			blockedEncryption("SSE-C"),
			{Name: "BucketKeyEnabled", Text: "false"},
		}},
	}}).Document()
}

// blockedEncryption names a kind of encryption that a bucket refuses, or NONE.
func blockedEncryption(kind string) *xmltree.Node {
	return &xmltree.Node{Name: "BlockedEncryptionTypes", Children: []*xmltree.Node{{Name: "EncryptionType", Text: kind}}}
}

func ownershipDocument(ownership string) []byte {
	return (&xmltree.Node{Name: "OwnershipControls", Children: []*xmltree.Node{
		{Name: "Rule", Children: []*xmltree.Node{{Name: "ObjectOwnership", Text: ownership}}},
	}}).Document()
}

func lockDocument() []byte {
	return (&xmltree.Node{Name: "ObjectLockConfiguration", Children: []*xmltree.Node{
		{Name: "ObjectLockEnabled", Text: "Enabled"},
	}}).Document()
}

func requestPaymentDocument() []byte {
	return (&xmltree.Node{Name: "RequestPaymentConfiguration", Children: []*xmltree.Node{
		{Name: "Payer", Text: "BucketOwner"},
	}}).Document()
}
