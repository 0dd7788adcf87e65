'use strict';
// The last lines of a worker's text: a desk that answers by messages.
const desk = new chainsim.Desk(message => self.postMessage(message));
self.onmessage = ({data}) => desk.hear(data);
