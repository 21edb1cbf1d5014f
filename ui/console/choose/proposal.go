package choose

// demoLetters are four letters or digits that make a bucket's name unlikely to
// be taken; bucket names are shared by all accounts.
func demoLetters(random uint64) string {
	const letters = "abcdefghijkmnpqrstuvwxyz23456789"
	word := make([]byte, 4)
	for i := range word {
		word[i] = letters[random%uint64(len(letters))]
		random /= uint64(len(letters))
	}
	return string(word)
}
