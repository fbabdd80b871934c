import { expect, test } from 'vitest'
import { htmlFaults } from '../../src/templates/html.ts'

test.each([
  ['<a href="www.shop.example">', ['www.shop.example']],
  ['<A HREF=//shop.example/a>', ['//shop.example/a']],
  ["<area href=' /terms '>", ['/terms']],
  ['<a href="shop.example:8080">', ['shop.example:8080']],
  ['<a href="HTTPS://shop.example">', []],
  ['<a href="mailto:ann@shop.example"><a href="tel:+4930123"><a href="#top"><a name="top"><a href="">', []],
  ['<a href="{{url}}/terms"><a href="%%UNSUBSCRIBE%%">', []],
  ['<!-- <a href="www.shop.example"> --><p>&lt;a href="x"&gt;', []],
  ['<link href="style.css">', []],
])('links without a scheme in %s', (html, links) => {
  expect(htmlFaults(html).links).toEqual(links)
})

test.each([
  ['<img src="a.png"><IMG>', ['a.png', '']],
  ['<img src="a.png" alt="A"><img src="b.png" alt=""><img src="c.png" alt>', []],
  ['<img {{picture}}><img {{#if a}}alt="A"{{/if}}>', []],
  ['<div title="<img>">', []],
])('pictures without a text in %s', (html, images) => {
  expect(htmlFaults(html).images).toEqual(images)
})

test('a text that is cut in the middle is read as far as it goes', () => {
  expect(htmlFaults('<a href="www.shop.example"><img src="a')).toEqual({ links: ['www.shop.example'], images: [] })
})
