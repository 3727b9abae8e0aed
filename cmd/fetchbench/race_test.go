//go:build race

package main

// raced says whether the program looks for races, which takes memory.
const raced = true
