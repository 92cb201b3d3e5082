"""Anki packages: what leaves for Anki, and what comes from there.

schema    the tables and note types of a package (Anki's schema 11, which every Anki reads)
fields    our Markdown as the HTML of Anki's fields, with TeX in \\( … \\) and pictures as media
package   notes, cards and reviews as plain values, written into a file
export    one learner's cards with their history, as such values
reading   a package taken apart into cards and ratings
templates, htmltext, protobuf   what a card shows, as Markdown; and the form of newer packages
"""
