"""The poster: an article's headline and outlet as a picture, for the places where people pass links on."""
