/** What MapLibre says, in French. */

export const WORDS: Readonly<Record<string, string>> = {
  "AttributionControl.ToggleAttribution": "Afficher les sources de la carte",
  "AttributionControl.MapFeedback": "Signaler une erreur de la carte",
  "CooperativeGesturesHandler.WindowsHelpText": "Ctrl + molette pour agrandir la carte",
  "CooperativeGesturesHandler.MacHelpText": "⌘ + molette pour agrandir la carte",
  "CooperativeGesturesHandler.MobileHelpText": "Deux doigts pour déplacer la carte",
  "FullscreenControl.Enter": "Plein écran",
  "FullscreenControl.Exit": "Quitter le plein écran",
  "Map.Title": "Carte des lieux. La liste donne les mêmes lieux en texte.",
  "Marker.Title": "Lieu choisi",
  "NavigationControl.ZoomIn": "Agrandir",
  "NavigationControl.ZoomOut": "Réduire",
  "NavigationControl.ResetBearing": "Remettre le nord en haut",
  "Popup.Close": "Fermer",
  "ScaleControl.Meters": "m",
  "ScaleControl.Kilometers": "km",
};
