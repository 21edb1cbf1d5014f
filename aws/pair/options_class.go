package pair

// StorageClass is a class that replicas can have.
type StorageClass struct {
	Name string
	// Archive says that what is in it has to be restored before it can be read.
	Archive bool
	// LeastDays is how long an object is billed for at least.
	LeastDays int
}

// storageClasses are those that replicas can have (S3 API reference,
// Destination, the classes of other services left out; S3 User Guide,
// "Comparing the Amazon S3 storage classes").
var storageClasses = []StorageClass{
	{"STANDARD", false, 0},
	{"STANDARD_IA", false, 30},
	{"ONEZONE_IA", false, 30},
	{"INTELLIGENT_TIERING", false, 0},
	{"GLACIER_IR", false, 90},
	{"GLACIER", true, 90},
	{"DEEP_ARCHIVE", true, 180},
	{"REDUCED_REDUNDANCY", false, 0},
}

// StorageClasses lists the names of the classes that replicas can have.
func StorageClasses() []string {
	names := make([]string, len(storageClasses))
	for i, class := range storageClasses {
		names[i] = class.Name
	}
	return names
}

// ClassNamed is the storage class of a name. Of one that is not listed nothing
// is known but the name.
func ClassNamed(name string) StorageClass {
	for _, class := range storageClasses {
		if class.Name == name {
			return class
		}
	}
	return StorageClass{Name: name}
}
