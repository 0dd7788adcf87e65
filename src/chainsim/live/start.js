'use strict';
// The first thing on a page with levers: workers that share the policies unpack, compile and compare with what was mailed, while the browser
// still reads and lays out the rest. What they say is kept until somebody listens (ui.js).
const live = (() => {
  const MOST_WORKERS = 4;
  const $ = id => document.getElementById(id), text = id => $(id).textContent.trim(), root = document.documentElement;
  const told = JSON.parse($('live-levers').textContent), engine = document.currentScript.previousElementSibling.textContent;
  const packed = {page: text('live-page'), words: text('live-words'), modules: told.modules.map(text)};
  let listener = null, said = [], desk = null, ready = false;
  const hear = message => {
    ready ||= Boolean(message.ready);
    if (listener) listener(message); else said.push(message);
  };
  const inPage = () => { // where there may be no worker
    root.dataset.liveIn = 'page';
    const one = new chainsim.Desk(hear);
    desk = {send: message => one.hear(message)};
    desk.send({packed});
  };
  const inWorkers = () => {
    const {Crew, shares} = chainsim, workers = [];
    const url = URL.createObjectURL(new Blob([engine, text('live-worker')], {type: 'text/javascript'}));
    const weights = told.policies.flatMap((policy, k) => policy.runs ? [{k, weight: policy.events}] : []);
    const of = shares(weights, Math.min(navigator.hardwareConcurrency || 1, MOST_WORKERS));
    desk = new Crew(hear, of.map(policies => {
      const worker = new Worker(url);
      workers.push(worker);
      worker.onmessage = ({data}) => desk.hear(data);
      worker.onerror = event => {
        event.preventDefault();
        if (ready) hear({failed: 'a worker stopped'});
        else if (workers.length) {
          workers.splice(0).forEach(one => one.terminate());
          inPage();
        }
      };
      return {policies, send: message => worker.postMessage(message)};
    }));
    root.dataset.liveIn = `${workers.length} worker${workers.length === 1 ? '' : 's'}`;
    desk.send({packed});
  };
  const possible = typeof WebAssembly === 'object' && typeof DecompressionStream === 'function';
  if (!possible) hear({failed: 'this browser has no WebAssembly'});
  else try { inWorkers(); } catch { inPage(); }
  return {
    told,
    send: message => desk.send(message),
    listen: act => { listener = act; said.splice(0).forEach(act); },
  };
})();
