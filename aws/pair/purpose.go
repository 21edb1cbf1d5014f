package pair

// Purpose says what is done with a pair.
type Purpose string

// What is done with a pair.
const (
	SetUp    Purpose = "set up"
	TearDown Purpose = "tear down"
	Measure  Purpose = "measure"
)
