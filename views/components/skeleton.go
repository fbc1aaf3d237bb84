package components

import "strconv"

// skeletonWidth lets the lines end raggedly, as text does.
func skeletonWidth(line int) string { return "is-w" + strconv.Itoa(line%3+1) }
