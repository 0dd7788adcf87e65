// Browsers start no web worker from file://, so that there the search runs in a hidden frame. It speaks as a worker does.
if (location.protocol === "file:") {
  class FrameWorker extends EventTarget {
    constructor(url) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      const tag = (source) => `<script src="${source}"></` + "script>";
      frame.srcdoc =
        "<script>" +
        "window.postMessage = (data) => parent.dispatchEvent(new MessageEvent('from-frame', { data }));" +
        "window.importScripts = (...urls) => Promise.all(urls.map((url) => new Promise((done, failed) => {" +
        "const made = document.createElement('script'); made.src = url; made.onload = done; made.onerror = failed;" +
        "document.head.append(made); })));" +
        "</" + "script>" + tag(new URL(url, document.baseURI));
      this.ready = new Promise((done) => (frame.onload = () => done(frame.contentWindow)));
      addEventListener("from-frame", (event) => this.dispatchEvent(new MessageEvent("message", { data: event.data })));
      document.body ? document.body.append(frame) : addEventListener("DOMContentLoaded", () => document.body.append(frame));
    }
    postMessage(data) {
      this.ready.then((inside) => inside.dispatchEvent(new MessageEvent("message", { data })));
    }
    terminate() {}
  }
  window.IFrameWorker = window.Worker = FrameWorker;
}
