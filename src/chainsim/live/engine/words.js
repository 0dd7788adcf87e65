'use strict';
// What a page carries as text becomes bytes, and bytes become words of 64 bits.

function bytesOf(base64) { // a loop: Uint8Array.from would call a function for each
  const text = atob(base64), bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

async function unpacked(packed) { // base64 of a gzip, or its bytes
  const stream = new Blob([typeof packed === 'string' ? bytesOf(packed) : packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function wordsOf(planes) { // live/words.py: differences, laid out byte plane by byte plane
  const n = planes.length / 8, bytes = new Uint8Array(planes.length), halves = new Uint32Array(bytes.buffer);
  for (let b = 0; b < 8; b++) for (let i = 0, from = b * n; i < n; i++) bytes[8 * i + b] = planes[from + i];
  for (let i = 2; i < 2 * n; i += 2) {
    const low = (halves[i] + halves[i - 2]) >>> 0;
    halves[i + 1] += halves[i - 1] + (low < halves[i]);
    halves[i] = low;
  }
  return new BigInt64Array(bytes.buffer);
}

function whole(words, at, n) { return at < 0 ? new BigInt64Array(n) : words.subarray(at, at + n); } // −1: all 0
function quantities(words, at, n) { return at < 0 ? new Float64Array(n) : new Float64Array(words.buffer, 8 * at, n); }
