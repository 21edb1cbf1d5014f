// Package objects is what S3 does with objects and their versions.
package objects

import (
	"bothways/aws/sandbox/s3/request"
)

// Operations are those of objects and their versions.
func Operations() map[string]request.Operation {
	return map[string]request.Operation{
		"GET bucket ":              {Name: "ListObjects", Action: "s3:ListBucket", Serve: listObjects},
		"GET bucket list-type":     {Name: "ListObjectsV2", Action: "s3:ListBucket", Serve: listObjects},
		"GET bucket versions":      {Name: "ListObjectVersions", Action: "s3:ListBucketVersions", Serve: listVersions},
		"POST bucket delete":       {Name: "DeleteObjects", Serve: deleteObjects},
		"POST bucket ":             {Name: "PostObject", Serve: postObject},
		"PUT object ":              {Name: "PutObject", Action: "s3:PutObject", Serve: putObject},
		"GET object ":              {Name: "GetObject", Action: "s3:GetObject", VersionAction: "s3:GetObjectVersion", Serve: getObject},
		"HEAD object ":             {Name: "HeadObject", Action: "s3:GetObject", VersionAction: "s3:GetObjectVersion", Serve: getObject},
		"DELETE object ":           {Name: "DeleteObject", Action: "s3:DeleteObject", VersionAction: "s3:DeleteObjectVersion", Serve: deleteObject},
		"COPY object ":             {Name: "CopyObject", Action: "s3:PutObject", Serve: copyObject},
		"GET object attributes":    {Name: "GetObjectAttributes", Action: "s3:GetObject", VersionAction: "s3:GetObjectVersion", Serve: getAttributes},
		"GET object tagging":       {Name: "GetObjectTagging", Action: "s3:GetObjectTagging", VersionAction: "s3:GetObjectVersionTagging", Serve: getObjectTags},
		"PUT object tagging":       {Name: "PutObjectTagging", Action: "s3:PutObjectTagging", VersionAction: "s3:PutObjectVersionTagging", Serve: putObjectTags, Says: saidOfTags},
		"DELETE object tagging":    {Name: "DeleteObjectTagging", Action: "s3:DeleteObjectTagging", VersionAction: "s3:DeleteObjectVersionTagging", Serve: deleteObjectTags},
		"GET object retention":     {Name: "GetObjectRetention", Action: "s3:GetObjectRetention", Serve: getRetention},
		"PUT object retention":     {Name: "PutObjectRetention", Action: "s3:PutObjectRetention", Serve: putRetention},
		"GET object legal-hold":    {Name: "GetObjectLegalHold", Action: "s3:GetObjectLegalHold", Serve: getLegalHold},
		"PUT object legal-hold":    {Name: "PutObjectLegalHold", Action: "s3:PutObjectLegalHold", Serve: putLegalHold},
		"GET object acl":           {Name: "GetObjectAcl", Action: "s3:GetObjectAcl", VersionAction: "s3:GetObjectVersionAcl", Serve: getObjectACL},
		"PUT object acl":           {Name: "PutObjectAcl", Action: "s3:PutObjectAcl", VersionAction: "s3:PutObjectVersionAcl", Serve: putObjectACL},
		"GET object annotation":    {Name: "GetObjectAnnotation", Action: "s3:GetObjectAnnotation", VersionAction: "s3:GetObjectVersionAnnotation", Serve: getAnnotation},
		"PUT object annotation":    {Name: "PutObjectAnnotation", Action: "s3:PutObjectAnnotation", VersionAction: "s3:PutObjectVersionAnnotation", Serve: putAnnotation},
		"DELETE object annotation": {Name: "DeleteObjectAnnotation", Action: "s3:DeleteObjectAnnotation", VersionAction: "s3:DeleteObjectVersionAnnotation", Serve: deleteAnnotation},
		"LIST object annotation":   {Name: "ListObjectAnnotations", Action: "s3:ListObjectAnnotations", VersionAction: "s3:ListObjectVersionAnnotations", Serve: listAnnotations},
		"POST object restore":      {Name: "RestoreObject", Action: "s3:RestoreObject", Serve: restoreObject},
	}
}
